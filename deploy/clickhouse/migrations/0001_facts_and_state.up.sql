-- Facts (records), latest state (awards, progress, employments), their history, and what the writer needs to repeat itself.
-- Every key column is a function of the row's subject, so a row written twice is one row.

CREATE TABLE IF NOT EXISTS records
(
    record_id      UUID,
    worker_id      String,
    kind           LowCardinality(String),
    achievement_id LowCardinality(String),
    issuer_id      LowCardinality(String),
    award_id       String,
    occurred_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    source         LowCardinality(String),
    dialect        LowCardinality(String),
    body           String CODEC(ZSTD(3)),
    version        UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(occurred_at)
ORDER BY (worker_id, occurred_at, record_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS awards
(
    employer_id    LowCardinality(String),
    worker_id      String,
    issuer_id      LowCardinality(String),
    award_id       String,
    basis          LowCardinality(String),
    achievement_id LowCardinality(String),
    achievement_name LowCardinality(String),
    type           LowCardinality(String),
    level          LowCardinality(String),
    skills         Array(LowCardinality(String)),
    credits_value  Nullable(Float64),
    credits_unit   LowCardinality(String),
    score_scaled   Nullable(Float64),
    grade          LowCardinality(String),
    trust          UInt8,
    valid_from     DateTime64(6, 'UTC'),
    valid_until    Nullable(DateTime64(6, 'UTC')),
    revoked_at     Nullable(DateTime64(6, 'UTC')),
    revoked_reason String,
    source         LowCardinality(String),
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, worker_id, issuer_id, award_id)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS progress
(
    employer_id    LowCardinality(String),
    stack_id       LowCardinality(String),
    worker_id      String,
    stack_version  LowCardinality(String),
    status         LowCardinality(String),
    complete       UInt8,
    progress       Float64,
    missing        String CODEC(ZSTD(1)),
    missing_achievements Array(LowCardinality(String)),
    next_steps     Array(LowCardinality(String)),
    allocation     String CODEC(ZSTD(1)),
    proof          LowCardinality(String),
    next_change_at Nullable(DateTime64(6, 'UTC')),
    completed_at   Nullable(DateTime64(6, 'UTC')),
    as_of          DateTime64(6, 'UTC'),
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, stack_id, worker_id)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS progress_history
(
    employer_id    LowCardinality(String),
    stack_id       LowCardinality(String),
    worker_id      String,
    version        UInt64,
    as_of          DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    stack_version  LowCardinality(String),
    status         LowCardinality(String),
    complete       UInt8,
    progress       Float64,
    is_deleted     UInt8
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(as_of)
ORDER BY (employer_id, stack_id, worker_id, as_of, version)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS progress_history_feed TO progress_history AS
SELECT
    employer_id,
    stack_id,
    worker_id,
    version,
    as_of,
    stack_version,
    status,
    complete,
    progress,
    is_deleted
FROM progress;

CREATE TABLE IF NOT EXISTS employments
(
    employer_id LowCardinality(String),
    worker_id   String,
    started_at  DateTime64(6, 'UTC'),
    ended_at    Nullable(DateTime64(6, 'UTC')),
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, worker_id, started_at)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS records_daily
(
    day     Date,
    source  LowCardinality(String),
    kind    LowCardinality(String),
    records AggregateFunction(uniqExact, UUID),
    latest  SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (day, source, kind)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS records_daily_feed TO records_daily AS
SELECT
    toDate(received_at) AS day,
    source,
    kind,
    uniqExactState(record_id) AS records,
    max(received_at) AS latest
FROM records
GROUP BY
    day,
    source,
    kind;

CREATE TABLE IF NOT EXISTS batch_intents
(
    topic        LowCardinality(String),
    partition    UInt32,
    epoch        UInt32,
    first_offset UInt64,
    last_offset  UInt64,
    written_at   DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (topic, partition, epoch, first_offset)
TTL toDateTime(written_at) + INTERVAL 30 DAY;

CREATE TABLE IF NOT EXISTS log_epochs
(
    topic      LowCardinality(String),
    epoch      UInt32,
    started_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (topic, epoch);
