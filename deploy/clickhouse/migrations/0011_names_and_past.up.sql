-- Names by themselves, so that what counts over ids can be named at the end, when few rows are left; and the past, narrow.

CREATE VIEW IF NOT EXISTS v_names
(
    employer_id      LowCardinality(String) COMMENT 'Employer that looks',
    achievement_id   LowCardinality(String) COMMENT 'An achievement of the catalog, or one that its workers earned under a name',
    achievement_name String COMMENT 'Its name in the catalog, else as a record about its workers said'
)
AS
SELECT
    employer_id,
    achievement_id,
    argMax(one_name, rank) AS achievement_name
FROM
(
    SELECT
        employer_id,
        achievement_id,
        toString(achievement_name) AS one_name,
        1 AS rank
    FROM said_names FINAL
    UNION ALL
    SELECT
        e.employer_id AS employer_id,
        toLowCardinality(c.achievement_id) AS achievement_id,
        c.name AS one_name,
        2 AS rank
    FROM (SELECT DISTINCT employer_id FROM employments) AS e
    CROSS JOIN (SELECT achievement_id, name FROM catalog_achievements FINAL WHERE name != '') AS c
)
GROUP BY
    employer_id,
    achievement_id
COMMENT 'What achievements are called, one row an employer and achievement';

CREATE VIEW IF NOT EXISTS v_stacks
(
    employer_id LowCardinality(String) COMMENT 'Employer that looks',
    stack_id    LowCardinality(String) COMMENT 'A stack of the catalog',
    stack_title String COMMENT 'Its title, else its id',
    versions    UInt64 COMMENT 'How many versions of it there are',
    awards      String COMMENT 'Achievement that it earns, empty when none',
    level       String COMMENT 'Level of the newest version, empty when none'
)
AS
SELECT
    e.employer_id AS employer_id,
    toLowCardinality(c.stack_id) AS stack_id,
    if(c.title != '', c.title, c.stack_id) AS stack_title,
    c.versions AS versions,
    c.awards AS awards,
    c.level AS level
FROM (SELECT DISTINCT employer_id FROM employments) AS e
CROSS JOIN
(
    SELECT
        stack_id,
        argMax(title, (version, stack_version)) AS title,
        uniqExact(stack_version) AS versions,
        argMax(awards, (version, stack_version)) AS awards,
        argMax(toString(level), (version, stack_version)) AS level
    FROM catalog_stacks FINAL
    GROUP BY stack_id
) AS c
COMMENT 'Stacks that there are, one row an employer and stack';

CREATE TABLE IF NOT EXISTS standing_history
(
    employer_id LowCardinality(String),
    stack_id    LowCardinality(String),
    person      UInt64,
    as_of       DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    version     UInt64 CODEC(ZSTD(1)),
    status      LowCardinality(String),
    progress    Float64,
    is_deleted  UInt8
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(as_of)
ORDER BY (employer_id, stack_id, person, as_of, version)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS standing_history_feed TO standing_history AS
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    as_of,
    version,
    status,
    progress,
    is_deleted
FROM progress_history;

INSERT INTO standing_history
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    as_of,
    version,
    status,
    progress,
    is_deleted
FROM progress_history
SETTINGS max_partitions_per_insert_block = 0;

CREATE VIEW IF NOT EXISTS v_standing_history
(
    employer_id LowCardinality(String) COMMENT 'Employer that the worker is with now, and was with when this was worked out',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    person      UInt64 COMMENT 'Stands for employer and worker, as in v_people',
    as_of       DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of',
    version     UInt64 COMMENT 'Order of evaluations of one worker and stack: the newest has the largest',
    status      LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    progress    Float64 COMMENT '0 to 1',
    is_gone     UInt8 COMMENT '1 when the stack had nothing to do with the worker from here on'
)
AS
SELECT
    h.employer_id AS employer_id,
    h.stack_id AS stack_id,
    h.person AS person,
    h.as_of AS as_of,
    h.version AS version,
    h.status AS status,
    h.progress AS progress,
    h.is_deleted AS is_gone
FROM standing_history AS h
LEFT SEMI JOIN current_people AS w ON h.employer_id = w.employer_id AND h.person = w.person
COMMENT 'Every evaluation of current workers, narrow, for counting; one that was delivered twice may be there twice';
