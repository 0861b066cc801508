-- What achievements turned out to be worth, who issuers are, and what Stepwell itself has issued.
--
-- Outcomes are worked out for everybody at once, ten minutes after they last were, from records and awards, so that a
-- page reads a few rows and nothing about a person is kept a second time. `achievement_outcomes` has bare counts and is
-- nobody's to read; the view beneath shows a figure only when no cell of it is smaller than ten, nor would be for who
-- subtracts the employer's own workers.

ALTER TABLE records ADD COLUMN IF NOT EXISTS success UInt8 MATERIALIZED kind = 'award' OR (kind = 'completion' AND position(body, '"success":false') = 0);

CREATE TABLE IF NOT EXISTS catalog_next_steps
(
    catalog_id     String,
    achievement_id String,
    next_ids       Array(String),
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (catalog_id, achievement_id);

CREATE TABLE IF NOT EXISTS achievement_outcomes
(
    employer_id    LowCardinality(String),
    achievement_id String,
    began          Int64,
    completed      Int64,
    median_days    Nullable(Float64),
    holders        Int64,
    went_on        Int64,
    revoked        Int64,
    computed_at    DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (employer_id, achievement_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS achievement_outcomes_feed
REFRESH AFTER 10 MINUTE
TO achievement_outcomes
EMPTY
AS
WITH
    (SELECT groupUniqArray(awards) FROM catalog_stacks FINAL WHERE awards != '') AS awarded,
    (
        SELECT mapFromArrays(groupArray(achievement_id), groupArray(next_ids))
        FROM (SELECT achievement_id, groupUniqArrayArray(next_ids) AS next_ids FROM catalog_next_steps FINAL GROUP BY achievement_id)
    ) AS next_steps
SELECT
    arrayJoin(arrayConcat(['*'], w.employers)) AS employer_id,
    persons.achievement_id AS achievement_id,
    toInt64(sum(has_begun)) AS began,
    toInt64(sum(has_completed)) AS completed,
    if(sum(has_completed) = 0, NULL, quantileTDigestIf(0.5)(days, has_completed = 1)) AS median_days,
    toInt64(sum(holds)) AS holders,
    toInt64(sum(has_gone_on)) AS went_on,
    toInt64(sum(is_revoked)) AS revoked,
    now64(6) AS computed_at
FROM
(
    SELECT
        worker_id,
        toString(achievement_id) AS achievement_id,
        1 AS has_begun,
        max(success) AS has_completed,
        greatest(dateDiff('second', min(occurred_at), minIf(occurred_at, success)), 0) / 86400 AS days,
        0 AS holds,
        0 AS has_gone_on,
        0 AS is_revoked
    FROM records
    WHERE kind IN ('award', 'completion') AND achievement_id != '' AND NOT has(awarded, toString(achievement_id))
    GROUP BY
        worker_id,
        achievement_id
    UNION ALL
    SELECT
        e.worker_id AS worker_id,
        s.awards AS achievement_id,
        1 AS has_begun,
        p.completed_at IS NOT NULL AS has_completed,
        greatest(dateDiff('second', e.began_at, ifNull(p.completed_at, e.began_at)), 0) / 86400 AS days,
        0 AS holds,
        0 AS has_gone_on,
        0 AS is_revoked
    FROM
    (
        SELECT
            worker_id,
            JSONExtractString(body, 'stack_id') AS stack_id,
            min(occurred_at) AS began_at
        FROM records
        WHERE kind = 'enrolment'
        GROUP BY
            worker_id,
            stack_id
    ) AS e
    INNER JOIN (SELECT c.stack_id AS stack_id, any(c.awards) AS awards FROM catalog_stacks AS c FINAL WHERE c.awards != '' GROUP BY stack_id) AS s ON e.stack_id = s.stack_id
    LEFT JOIN
    (
        SELECT
            toString(stack_id) AS stack_id,
            worker_id,
            min(completed_at) AS completed_at
        FROM progress FINAL
        GROUP BY
            stack_id,
            worker_id
    ) AS p ON e.stack_id = p.stack_id AND e.worker_id = p.worker_id
    UNION ALL
    SELECT
        worker_id,
        held.1 AS achievement_id,
        0 AS has_begun,
        0 AS has_completed,
        0 AS days,
        1 AS holds,
        arrayExists(one -> one.2 > held.2 AND has(next_steps[held.1], one.1), earned) AS has_gone_on,
        held.3 AS is_revoked
    FROM
    (
        SELECT
            worker_id,
            groupArray((toString(achievement_id), earned_at, is_revoked)) AS earned
        FROM
        (
            SELECT
                worker_id,
                achievement_id,
                min(valid_from) AS earned_at,
                countIf(revoked_at <= now64(6)) > 0 AS is_revoked
            FROM awards FINAL
            GROUP BY
                worker_id,
                achievement_id
        )
        GROUP BY worker_id
    )
    ARRAY JOIN earned AS held
) AS persons
LEFT JOIN
(
    SELECT
        worker_id,
        groupArray(toString(employer_id)) AS employers
    FROM v_workers
    GROUP BY worker_id
) AS w ON persons.worker_id = w.worker_id
GROUP BY
    employer_id,
    achievement_id
SETTINGS optimize_aggregation_in_order = 1, max_threads = 1;

CREATE VIEW IF NOT EXISTS v_achievement_outcomes
(
    employer_id     LowCardinality(String) COMMENT 'Employer that looks; the figures are of everybody',
    achievement_id  String COMMENT 'The achievement',
    began           Nullable(Int64) COMMENT 'People who tried it or, where a stack awards it, who enrolled in that; null below ten',
    completion_rate Nullable(Float64) COMMENT 'Share of these who succeeded, 0 to 1; null where a cell would be below ten',
    completed       Nullable(Int64) COMMENT 'People who succeeded; null below ten',
    median_days     Nullable(Float64) COMMENT 'Median days from the first try or the enrolment to success, of these',
    holders         Nullable(Int64) COMMENT 'People who hold it or held it; null below ten',
    went_on_rate    Nullable(Float64) COMMENT 'Share of the holders who later earned something that counts beside or above it',
    revocation_rate Nullable(Float64) COMMENT 'Share of the holders from whom it was taken back',
    computed_at     DateTime64(6, 'UTC') COMMENT 'When this was worked out'
)
AS
SELECT
    e.employer_id AS employer_id,
    a.achievement_id AS achievement_id,
    if(a.began >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.began - o.began]), a.began, NULL) AS began,
    if(a.began >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.completed, a.began - a.completed, a.completed - o.completed, a.began - a.completed - o.began + o.completed]), a.completed / a.began, NULL) AS completion_rate,
    if(a.completed >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.completed - o.completed]), a.completed, NULL) AS completed,
    if(a.completed >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.completed - o.completed]), a.median_days, NULL) AS median_days,
    if(a.holders >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.holders - o.holders]), a.holders, NULL) AS holders,
    if(a.holders >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.went_on, a.holders - a.went_on, a.went_on - o.went_on, a.holders - a.went_on - o.holders + o.went_on]), a.went_on / a.holders, NULL) AS went_on_rate,
    if(a.holders >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [a.revoked, a.holders - a.revoked, a.revoked - o.revoked, a.holders - a.revoked - o.holders + o.revoked]), a.revoked / a.holders, NULL) AS revocation_rate,
    a.computed_at AS computed_at
FROM (SELECT toLowCardinality(employer_id) AS employer_id FROM employers FINAL UNION DISTINCT SELECT employer_id FROM employments WHERE employer_id != '') AS e
CROSS JOIN (SELECT * FROM achievement_outcomes WHERE employer_id = '*') AS a
LEFT JOIN (SELECT * FROM achievement_outcomes WHERE employer_id != '*') AS o ON e.employer_id = o.employer_id AND a.achievement_id = o.achievement_id
COMMENT 'What became of those who set out for an achievement, one row an employer and achievement, small cells hidden';

CREATE TABLE IF NOT EXISTS issuer_registries
(
    registry_id String,
    position    UInt16,
    document    String CODEC(ZSTD(3)),
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY registry_id;

CREATE TABLE IF NOT EXISTS issuer_decisions
(
    issuer_id  String,
    document   String,
    version    UInt64,
    is_deleted UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY issuer_id;

CREATE TABLE IF NOT EXISTS issuer_keys
(
    issuer_id  String,
    key_id     String,
    public_key String,
    document   String,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen  SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (issuer_id, key_id, public_key, document);

CREATE TABLE IF NOT EXISTS issuer_endorsements
(
    endorsement_id String,
    document       String CODEC(ZSTD(3)),
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY endorsement_id;

CREATE TABLE IF NOT EXISTS issued_credentials
(
    credential_id  String,
    worker_id      String,
    stack_id       String,
    status_list    String,
    status_index   UInt32,
    document       String CODEC(ZSTD(3)),
    token          String CODEC(ZSTD(3)),
    issued_at      DateTime64(6, 'UTC'),
    revoked_at     Nullable(DateTime64(6, 'UTC')),
    revoked_reason String,
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY credential_id;

CREATE TABLE IF NOT EXISTS published_documents
(
    path       String,
    media_type LowCardinality(String),
    body       String CODEC(ZSTD(3)),
    version    UInt64,
    is_deleted UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY path;
