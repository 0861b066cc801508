-- Who is behind a pseudonym, sealed and apart from the records; and what was refused, without what it said.
-- Versions grow with time or with the place on the log: what came later says how it is.

CREATE TABLE IF NOT EXISTS identity_keys
(
    key_id     String,
    secret     String,
    created_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (created_at, key_id);

CREATE TABLE IF NOT EXISTS identities
(
    kind       LowCardinality(String),
    worker_id  String,
    sealed     String,
    key_id     LowCardinality(String),
    source     LowCardinality(String),
    seen_at    DateTime64(6, 'UTC'),
    version    UInt64,
    is_deleted UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (kind, worker_id)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS identity_matches
(
    hash_worker_id String,
    worker_id      String,
    matched_at     DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(matched_at)
ORDER BY hash_worker_id;

CREATE TABLE IF NOT EXISTS refusals
(
    refusal_id  UUID,
    place       String,
    refused_at  DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    source      LowCardinality(String),
    dialect     LowCardinality(String),
    stage       LowCardinality(String),
    reason      LowCardinality(String),
    pointer     String,
    detail      String CODEC(ZSTD(3)),
    attempts    UInt32,
    octets      UInt64,
    digest      String,
    is_redriven UInt8 DEFAULT 0,
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0,
    INDEX by_time refused_at TYPE minmax
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (source, refusal_id)
SETTINGS index_granularity = 1024;
