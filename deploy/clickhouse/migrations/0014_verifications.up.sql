-- What the last check of each credential came to, a row a record that was made of it: what is checked again on schedule.

CREATE TABLE IF NOT EXISTS verifications
(
    digest     String,
    record_id  UUID,
    record     String CODEC(ZSTD(3)),
    asked      String CODEC(ZSTD(3)),
    checked_at DateTime64(6, 'UTC'),
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (digest, record_id)
SETTINGS index_granularity = 1024;
