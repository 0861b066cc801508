-- What is counted often, in a form that counts fast, and what employers tell of their workers.
--
-- `held` and `standing` are awards and progress once more, narrow: a row has the same version as the row that it is of and
-- a key that is a function of that row's key, so each is right whenever its source is. `person` stands for employer and
-- worker, `pair` for person and achievement, `award` for issuer and award: 64-bit hashes, by which 2,400,000 awards of
-- 200,000 workers are counted in a fifth of the time that names take. "Never" is 2299-12-31.

CREATE TABLE IF NOT EXISTS held
(
    employer_id    LowCardinality(String),
    person         UInt64,
    award          UInt64,
    pair           UInt64,
    worker_id      String CODEC(ZSTD(1)),
    achievement_id LowCardinality(String),
    issuer_id      LowCardinality(String),
    award_id       String CODEC(ZSTD(1)),
    skills         Array(LowCardinality(String)),
    source         LowCardinality(String),
    trust          UInt8,
    valid_from     DateTime64(6, 'UTC'),
    valid_until    DateTime64(6, 'UTC'),
    revoked_at     DateTime64(6, 'UTC'),
    version        UInt64,
    is_deleted     UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, person, award)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS held_feed TO held AS
SELECT
    employer_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    cityHash64(concat(issuer_id, '/', award_id)) AS award,
    cityHash64(person, toString(achievement_id)) AS pair,
    worker_id,
    achievement_id,
    issuer_id,
    award_id,
    skills,
    source,
    trust,
    valid_from,
    ifNull(valid_until, toDateTime64('2299-12-31 00:00:00', 6, 'UTC')) AS valid_until,
    ifNull(revoked_at, toDateTime64('2299-12-31 00:00:00', 6, 'UTC')) AS revoked_at,
    version,
    is_deleted
FROM awards;

INSERT INTO held
SELECT
    employer_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    cityHash64(concat(issuer_id, '/', award_id)) AS award,
    cityHash64(person, toString(achievement_id)) AS pair,
    worker_id,
    achievement_id,
    issuer_id,
    award_id,
    skills,
    source,
    trust,
    valid_from,
    ifNull(valid_until, toDateTime64('2299-12-31 00:00:00', 6, 'UTC')) AS valid_until,
    ifNull(revoked_at, toDateTime64('2299-12-31 00:00:00', 6, 'UTC')) AS revoked_at,
    version,
    is_deleted
FROM awards;

CREATE TABLE IF NOT EXISTS standing
(
    employer_id   LowCardinality(String),
    stack_id      LowCardinality(String),
    person        UInt64,
    worker_id     String CODEC(ZSTD(1)),
    status        LowCardinality(String),
    complete      UInt8,
    progress      Float64,
    missing_paths Array(LowCardinality(String)),
    missing_gap   Float64,
    next_steps    Array(LowCardinality(String)),
    used          Array(UInt64),
    used_paths    Array(LowCardinality(String)),
    completed_at  Nullable(DateTime64(6, 'UTC')),
    as_of         DateTime64(6, 'UTC'),
    version       UInt64,
    is_deleted    UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, stack_id, person)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS standing_feed TO standing AS
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    worker_id,
    status,
    complete,
    progress,
    tupleElement(JSONExtract(missing, 'Array(Tuple(path String, gap Float64))') AS parts, 'path') AS missing_paths,
    arraySum(tupleElement(parts, 'gap')) AS missing_gap,
    next_steps,
    arrayMap(one -> cityHash64(one.1), JSONExtractKeysAndValues(allocation, 'String') AS uses) AS used,
    arrayMap(one -> one.2, uses) AS used_paths,
    completed_at,
    as_of,
    version,
    is_deleted
FROM progress;

INSERT INTO standing
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    worker_id,
    status,
    complete,
    progress,
    tupleElement(JSONExtract(missing, 'Array(Tuple(path String, gap Float64))') AS parts, 'path') AS missing_paths,
    arraySum(tupleElement(parts, 'gap')) AS missing_gap,
    next_steps,
    arrayMap(one -> cityHash64(one.1), JSONExtractKeysAndValues(allocation, 'String') AS uses) AS used,
    arrayMap(one -> one.2, uses) AS used_paths,
    completed_at,
    as_of,
    version,
    is_deleted
FROM progress;

CREATE TABLE IF NOT EXISTS said_names
(
    employer_id      LowCardinality(String),
    achievement_id   LowCardinality(String),
    achievement_name LowCardinality(String),
    version          UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (employer_id, achievement_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS said_names_feed TO said_names AS
SELECT
    employer_id,
    achievement_id,
    achievement_name,
    max(version) AS version
FROM awards
WHERE is_deleted = 0 AND achievement_name != ''
GROUP BY
    employer_id,
    achievement_id,
    achievement_name;

INSERT INTO said_names
SELECT
    employer_id,
    achievement_id,
    achievement_name,
    max(version) AS version
FROM awards
WHERE is_deleted = 0 AND achievement_name != ''
GROUP BY
    employer_id,
    achievement_id,
    achievement_name;

CREATE TABLE IF NOT EXISTS said_skills
(
    employer_id LowCardinality(String),
    skill       LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (employer_id, skill)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS said_skills_feed TO said_skills AS
SELECT
    employer_id,
    arrayJoin(skills) AS skill
FROM awards
WHERE is_deleted = 0
GROUP BY
    employer_id,
    skill;

INSERT INTO said_skills
SELECT
    employer_id,
    arrayJoin(skills) AS skill
FROM awards
WHERE is_deleted = 0
GROUP BY
    employer_id,
    skill;

CREATE TABLE IF NOT EXISTS arrivals
(
    hour             DateTime('UTC'),
    source           LowCardinality(String),
    records          AggregateFunction(uniqCombined64, UUID),
    seconds          AggregateFunction(quantilesTDigest(0.5, 0.95, 0.99), Float32),
    received_latest  SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    stored_latest    SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (hour, source)
TTL hour + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_feed TO arrivals AS
SELECT
    toStartOfHour(toDateTime(received_at, 'UTC')) AS hour,
    source,
    uniqCombined64State(record_id) AS records,
    quantilesTDigestState(0.5, 0.95, 0.99)(toFloat32(greatest(dateDiff('microsecond', received_at, now64(6)), 0) / 1e6)) AS seconds,
    max(received_at) AS received_latest,
    max(now64(6)) AS stored_latest
FROM records
GROUP BY
    hour,
    source;

CREATE TABLE IF NOT EXISTS statements_daily
(
    employer_id   LowCardinality(String),
    source        LowCardinality(String),
    day           Date,
    awards        AggregateFunction(uniqCombined64, UInt64),
    stored_latest SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (employer_id, source, day)
TTL day + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS statements_daily_feed TO statements_daily AS
SELECT
    employer_id,
    source,
    toDate(now64(6)) AS day,
    uniqCombined64State(cityHash64(worker_id, issuer_id, award_id, trust, valid_from, valid_until IS NULL, ifNull(valid_until, valid_from), ifNull(revoked_at, valid_from))) AS awards,
    max(now64(6)) AS stored_latest
FROM awards
WHERE is_deleted = 0 AND employer_id != ''
GROUP BY
    employer_id,
    source,
    day;

CREATE TABLE IF NOT EXISTS worker_roles
(
    employer_id LowCardinality(String),
    worker_id   String,
    team        LowCardinality(String),
    role        LowCardinality(String),
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, worker_id)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS role_skills
(
    employer_id LowCardinality(String),
    role        LowCardinality(String),
    skill       LowCardinality(String),
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, role, skill);

CREATE TABLE IF NOT EXISTS worker_groups
(
    employer_id LowCardinality(String),
    worker_id   String,
    dimension   LowCardinality(String),
    group_name  LowCardinality(String),
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (employer_id, worker_id, dimension)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS privacy
(
    name    LowCardinality(String),
    value   UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name;

INSERT INTO privacy (name, value, version)
SELECT
    'minimum_cell' AS name,
    10 AS value,
    0 AS version
UNION ALL
SELECT
    'secret' AS name,
    cityHash64(generateUUIDv4(), now64(9)) AS value,
    0 AS version;
