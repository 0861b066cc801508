DROP VIEW IF EXISTS v_group_dimensions;

CREATE OR REPLACE VIEW v_role_gaps
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    role        LowCardinality(String) COMMENT 'Role',
    skill       LowCardinality(String) COMMENT 'Skill that the employer expects of everybody in it',
    workers     UInt64 COMMENT 'Current workers in the role',
    holders     UInt64 COMMENT 'Of these, with an achievement in force that stands for the skill',
    verified    UInt64 COMMENT 'Of these, with one of trust tier 2 and up'
)
AS
SELECT
    e.employer_id AS employer_id,
    e.role AS role,
    e.skill AS skill,
    n.workers AS workers,
    s.holders AS holders,
    s.verified_holders AS verified
FROM v_role_skills AS e
LEFT JOIN
(
    SELECT
        employer_id,
        role,
        count() AS workers
    FROM v_people
    GROUP BY
        employer_id,
        role
) AS n ON e.employer_id = n.employer_id AND e.role = n.role
LEFT JOIN
(
    SELECT
        employer_id,
        role,
        skill,
        count() AS holders,
        countIf(verified > 0) AS verified_holders
    FROM v_worker_skills
    WHERE role != ''
    GROUP BY
        employer_id,
        role,
        skill
) AS s ON e.employer_id = s.employer_id AND e.role = s.role AND e.skill = s.skill
COMMENT 'Skills expected of a role against skills held, one row a role and skill';

CREATE OR REPLACE VIEW v_standing
(
    employer_id   LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id      LowCardinality(String) COMMENT 'The stack',
    worker_id     String COMMENT 'The worker',
    person        UInt64 COMMENT 'Stands for employer and worker: count by this, it is faster',
    status        LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    complete      UInt8 COMMENT '1 when every requirement is met',
    progress      Float64 COMMENT '0 to 1, below 1 while any requirement is not met',
    missing_paths Array(LowCardinality(String)) COMMENT 'Places of the rules that are not met',
    missing_gap   Float64 COMMENT 'What is wanting, added up in the units of these rules',
    next_steps    Array(LowCardinality(String)) COMMENT 'Achievements to take next, best first',
    used          Array(UInt64) COMMENT 'Awards that count: cityHash64 of issuer_id, a slash, award_id',
    used_paths    Array(LowCardinality(String)) COMMENT 'Places of the rules that they serve, in the same order',
    completed_at  Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was completed',
    as_of         DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    s.person AS person,
    s.status AS status,
    s.complete AS complete,
    s.progress AS progress,
    s.missing_paths AS missing_paths,
    s.missing_gap AS missing_gap,
    s.next_steps AS next_steps,
    s.used AS used,
    s.used_paths AS used_paths,
    s.completed_at AS completed_at,
    s.as_of AS as_of
FROM standing AS s FINAL
LEFT SEMI JOIN current_people AS w ON s.employer_id = w.employer_id AND s.person = w.person
COMMENT 'How far current workers are, narrow, for counting; one row a worker and stack';

ALTER TABLE standing_feed MODIFY QUERY
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

ALTER TABLE standing DROP COLUMN IF EXISTS awards_to_finish;
