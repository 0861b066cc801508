-- The xAPI record store: statements and what finds them, documents, activities, and how far the log is in the tables.
-- A page of one learner has statements from all over the table, so granules of statements are small.
-- `version` is the place in the log, (epoch << 40) | (offset + 1), so a row written twice is one row.

CREATE TABLE IF NOT EXISTS xapi_statement_ids
(
    tenant       LowCardinality(String),
    statement_id UUID,
    stored       DateTime64(6, 'UTC'),
    timestamp    DateTime64(6, 'UTC'),
    digest       FixedString(32),
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, statement_id)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS xapi_statements
(
    tenant       LowCardinality(String),
    stored       DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    statement_id UUID,
    terms        Array(UInt64),
    target_id    UUID,
    is_voiding   UInt8,
    body         String CODEC(ZSTD(3)),
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(stored)
ORDER BY (tenant, stored, statement_id)
SETTINGS index_granularity = 64;

CREATE TABLE IF NOT EXISTS xapi_terms
(
    tenant       LowCardinality(String),
    term         UInt64,
    stored       DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    statement_id UUID
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, term, stored, statement_id)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS xapi_terms_feed TO xapi_terms AS
SELECT
    tenant,
    arrayJoin(terms) AS term,
    stored,
    statement_id
FROM xapi_statements;

CREATE TABLE IF NOT EXISTS xapi_references
(
    tenant       LowCardinality(String),
    target_id    UUID,
    statement_id UUID,
    stored       DateTime64(6, 'UTC'),
    is_voiding   UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, target_id, statement_id)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS xapi_references_feed TO xapi_references AS
SELECT
    tenant,
    target_id,
    statement_id,
    stored,
    is_voiding
FROM xapi_statements
WHERE target_id != '00000000-0000-0000-0000-000000000000';

CREATE TABLE IF NOT EXISTS xapi_attachments
(
    tenant       LowCardinality(String),
    sha2         String,
    content_type String,
    content      String CODEC(ZSTD(3)),
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, sha2)
SETTINGS index_granularity = 64;

CREATE TABLE IF NOT EXISTS xapi_activities
(
    tenant      LowCardinality(String),
    activity_id String,
    definition  String CODEC(ZSTD(3)),
    version     UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, activity_id)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS xapi_documents
(
    tenant       LowCardinality(String),
    resource     LowCardinality(String),
    activity_id  String,
    agent        String,
    registration String,
    document_id  String,
    content      String CODEC(ZSTD(3)),
    content_type String,
    etag         String,
    updated      DateTime64(6, 'UTC'),
    version      UInt64,
    is_deleted   UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, resource, activity_id, agent, registration, document_id)
SETTINGS index_granularity = 256;

CREATE TABLE IF NOT EXISTS xapi_outcomes
(
    tenant     LowCardinality(String),
    frame_id   UUID,
    is_applied UInt8,
    decided_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, frame_id)
TTL toDateTime(decided_at) + INTERVAL 1 DAY;

CREATE TABLE IF NOT EXISTS xapi_progress
(
    epoch          UInt32,
    partition      UInt32,
    next_offset    UInt64,
    stored_through DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (epoch, partition);
