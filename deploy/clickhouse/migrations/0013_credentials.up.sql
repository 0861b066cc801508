-- Credentials as they were sent, by the digest that records give as evidence: what verification reads again, years later.

CREATE TABLE IF NOT EXISTS credentials
(
    digest      String,
    content     String CODEC(ZSTD(3)),
    media_type  LowCardinality(String),
    source      LowCardinality(String),
    received_at DateTime64(6, 'UTC'),
    version     UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (digest, source)
SETTINGS index_granularity = 256;
