-- What registrars and operators put in: catalogs, and the keys of sources and employers (digests only, never the secret).

CREATE TABLE IF NOT EXISTS catalogs
(
    catalog_id String,
    document   String CODEC(ZSTD(3)),
    applied_at DateTime64(6, 'UTC') DEFAULT now64(6),
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY catalog_id;

CREATE TABLE IF NOT EXISTS catalog_achievements
(
    achievement_id String,
    name           String,
    type           LowCardinality(String),
    issuer_id      LowCardinality(String),
    level          LowCardinality(String),
    skills         Array(String),
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY achievement_id;

CREATE TABLE IF NOT EXISTS catalog_stacks
(
    stack_id      String,
    stack_version String,
    title         String,
    awards        String,
    level         LowCardinality(String),
    document      String CODEC(ZSTD(3)),
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (stack_id, stack_version);

CREATE TABLE IF NOT EXISTS employers
(
    employer_id String,
    name        String,
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY employer_id;

CREATE TABLE IF NOT EXISTS api_keys
(
    key_id        String,
    role          LowCardinality(String),
    owner         String,
    secret_sha256 FixedString(64),
    scopes        Array(LowCardinality(String)),
    created_at    DateTime64(6, 'UTC') DEFAULT now64(6),
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY key_id;
