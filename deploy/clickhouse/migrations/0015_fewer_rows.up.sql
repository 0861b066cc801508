-- Fewer rows on the way to an answer: how many awards would finish a stack is told with each row of `standing` (reading
-- it out of `missing` of 600,000 rows took four seconds), skills are looked at only where a role expects them (a quarter
-- of the time), and what employers tell groups apart by has a view of its own.

ALTER TABLE standing ADD COLUMN IF NOT EXISTS awards_to_finish UInt16 DEFAULT 0;

ALTER TABLE standing_feed MODIFY QUERY
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    worker_id,
    status,
    complete,
    progress,
    tupleElement(JSONExtract(missing, 'Array(Tuple(path String, gap Float64, rule String, options Array(String)))') AS parts, 'path') AS missing_paths,
    arraySum(tupleElement(parts, 'gap')) AS missing_gap,
    next_steps,
    arrayMap(one -> cityHash64(one.1), JSONExtractKeysAndValues(allocation, 'String') AS uses) AS used,
    arrayMap(one -> one.2, uses) AS used_paths,
    completed_at,
    as_of,
    version,
    is_deleted,
    toUInt16(if(
        complete = 0 AND arrayAll(part -> part.3 IN ('award', 'count', 'any', 'n_of') AND length(part.4) >= ceil(part.2), parts),
        least(arraySum(part -> ceil(part.2), parts), 65535),
        0
    )) AS awards_to_finish
FROM progress;

INSERT INTO standing (employer_id, stack_id, person, worker_id, status, complete, progress, missing_paths, missing_gap, next_steps, used, used_paths, completed_at, as_of, version, is_deleted, awards_to_finish)
SELECT
    employer_id,
    stack_id,
    cityHash64(toString(employer_id), worker_id) AS person,
    worker_id,
    status,
    complete,
    progress,
    tupleElement(JSONExtract(missing, 'Array(Tuple(path String, gap Float64, rule String, options Array(String)))') AS parts, 'path') AS missing_paths,
    arraySum(tupleElement(parts, 'gap')) AS missing_gap,
    next_steps,
    arrayMap(one -> cityHash64(one.1), JSONExtractKeysAndValues(allocation, 'String') AS uses) AS used,
    arrayMap(one -> one.2, uses) AS used_paths,
    completed_at,
    as_of,
    version,
    is_deleted,
    toUInt16(if(
        complete = 0 AND arrayAll(part -> part.3 IN ('award', 'count', 'any', 'n_of') AND length(part.4) >= ceil(part.2), parts),
        least(arraySum(part -> ceil(part.2), parts), 65535),
        0
    )) AS awards_to_finish
FROM progress
WHERE complete = 0 AND missing NOT IN ('', '[]');

CREATE OR REPLACE VIEW v_standing
(
    employer_id      LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id         LowCardinality(String) COMMENT 'The stack',
    worker_id        String COMMENT 'The worker',
    person           UInt64 COMMENT 'Stands for employer and worker: count by this, it is faster',
    status           LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    complete         UInt8 COMMENT '1 when every requirement is met',
    progress         Float64 COMMENT '0 to 1, below 1 while any requirement is not met',
    missing_paths    Array(LowCardinality(String)) COMMENT 'Places of the rules that are not met',
    missing_gap      Float64 COMMENT 'What is wanting, added up in the units of these rules',
    next_steps       Array(LowCardinality(String)) COMMENT 'Achievements to take next, best first',
    used             Array(UInt64) COMMENT 'Awards that count: cityHash64 of issuer_id, a slash, award_id',
    used_paths       Array(LowCardinality(String)) COMMENT 'Places of the rules that they serve, in the same order',
    completed_at     Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was completed',
    as_of            DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of',
    awards_to_finish UInt16 COMMENT 'Awards that would complete it, where each part that is missing wants awards and has enough to choose from; else 0'
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
    s.as_of AS as_of,
    s.awards_to_finish AS awards_to_finish
FROM standing AS s FINAL
LEFT SEMI JOIN current_people AS w ON s.employer_id = w.employer_id AND s.person = w.person
COMMENT 'How far current workers are, narrow, for counting; one row a worker and stack';

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
    s.verified AS verified
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
        any(role_of) AS role,
        any(skill_of) AS skill,
        count() AS holders,
        countIf(is_checked) AS verified
    FROM
    (
        SELECT
            employer_id,
            any(one_role) AS role_of,
            any(one_skill) AS skill_of,
            max(one_trust) >= 2 AS is_checked
        FROM
        (
            SELECT
                h.employer_id AS employer_id,
                h.person AS one_person,
                h.trust AS one_trust,
                p.role AS one_role,
                each AS one_skill
            FROM held AS h FINAL
            INNER JOIN
            (
                SELECT
                    w.employer_id AS employer_id,
                    w.person AS person,
                    w.role AS role,
                    x.skills AS expected
                FROM v_people AS w
                INNER JOIN
                (
                    SELECT
                        employer_id,
                        role,
                        groupArray(skill) AS skills
                    FROM v_role_skills
                    GROUP BY
                        employer_id,
                        role
                ) AS x ON w.employer_id = x.employer_id AND w.role = x.role
            ) AS p ON h.employer_id = p.employer_id AND h.person = p.person
            ARRAY JOIN arrayFilter(skill -> has(p.expected, skill), h.skills) AS each
            WHERE h.valid_from <= now64(6) AND h.valid_until > now64(6) AND h.revoked_at > now64(6)
        )
        GROUP BY
            employer_id,
            bitXor(one_person, cityHash64(one_skill))
    )
    GROUP BY
        employer_id,
        role_of,
        skill_of
) AS s ON e.employer_id = s.employer_id AND e.role = s.role AND e.skill = s.skill
COMMENT 'Skills expected of a role against skills held, one row a role and skill';

CREATE VIEW IF NOT EXISTS v_group_dimensions
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    dimension   LowCardinality(String) COMMENT 'What its groups are by, as it named it'
)
AS
SELECT DISTINCT
    employer_id,
    dimension
FROM worker_groups FINAL
COMMENT 'What v_group_progress tells groups apart by, one row an employer and dimension';
