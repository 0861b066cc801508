-- Back to guessing how many awards would finish a stack.

CREATE OR REPLACE VIEW v_finishing_steps
(
    employer_id    LowCardinality(String) COMMENT 'Employer',
    achievement_id LowCardinality(String) COMMENT 'Achievement that completes a stack at once',
    stack_id       LowCardinality(String) COMMENT 'The stack',
    workers        UInt64 COMMENT 'Current workers for whom it does',
    worker_ids     Array(String) COMMENT 'Some of them, at most 100'
)
AS
SELECT
    employer_id,
    next_step AS achievement_id,
    stack_id,
    count() AS workers,
    groupArray(100)(worker_id) AS worker_ids
FROM v_standing
ARRAY JOIN next_steps AS next_step
WHERE status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1
GROUP BY
    employer_id,
    next_step,
    stack_id
COMMENT 'Which achievement completes which stack for how many workers, one row an achievement and stack';

CREATE OR REPLACE VIEW v_one_step_short
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    worker_id   String COMMENT 'Who is one rule and one unit short of it',
    progress    Float64 COMMENT '0 to 1',
    rule_path   LowCardinality(String) COMMENT 'Place of the rule that is wanting',
    next_steps  Array(LowCardinality(String)) COMMENT 'Achievements that would do, best first',
    newest_at   DateTime64(6, 'UTC') COMMENT 'When the worker last earned anything'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    any(s.progress) AS progress,
    any(s.rule_path) AS rule_path,
    any(s.next_steps) AS next_steps,
    max(h.valid_from) AS newest_at
FROM held AS h FINAL
INNER JOIN
(
    SELECT
        employer_id,
        stack_id,
        worker_id,
        person,
        progress,
        missing_paths[1] AS rule_path,
        next_steps
    FROM v_standing
    WHERE status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1
) AS s ON h.employer_id = s.employer_id AND h.person = s.person
WHERE h.valid_from <= now64(6)
GROUP BY
    s.employer_id,
    s.stack_id,
    s.worker_id
COMMENT 'Who needs one more thing to complete a stack, one row a worker and stack';

CREATE OR REPLACE VIEW v_funnel
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    enrolled    UInt64 COMMENT 'Current workers that are on it: enrolled, or holding a part of it',
    first       UInt64 COMMENT 'Of these, with something that counts, or complete once',
    half        UInt64 COMMENT 'Of these, at one half or beyond, or complete once',
    one_short   UInt64 COMMENT 'Of these, one rule and one unit short of it',
    stack       UInt64 COMMENT 'Complete now or once'
)
AS
SELECT
    employer_id,
    stack_id,
    count() AS enrolled,
    countIf(progress > 0 OR status IN ('complete', 'lapsed')) AS first,
    countIf(progress >= 0.5 OR status IN ('complete', 'lapsed')) AS half,
    countIf(status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1) AS one_short,
    countIf(status IN ('complete', 'lapsed')) AS stack
FROM v_standing
GROUP BY
    employer_id,
    stack_id
COMMENT 'From being on a stack to having completed it';

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

CREATE OR REPLACE VIEW v_progress
(
    employer_id     LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id        LowCardinality(String) COMMENT 'The stack',
    worker_id       String COMMENT 'The worker',
    stack_version   LowCardinality(String) COMMENT 'Version of the stack that was evaluated',
    stack_title     String COMMENT 'Title of the stack in the catalog, else its id',
    status          LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    complete        UInt8 COMMENT '1 when every requirement is met',
    progress        Float64 COMMENT '0 to 1, below 1 while any requirement is not met',
    missing         String COMMENT 'JSON array of the parts not met: path, rule, need, have, gap, options, reason',
    next_steps      Array(LowCardinality(String)) COMMENT 'Achievements to take next, best first',
    next_step_names Array(String) COMMENT 'Their names in the catalog, else their ids, in the same order',
    proof           LowCardinality(String) COMMENT 'exact, or heuristic when the search for an allocation was cut short',
    next_change_at  Nullable(DateTime64(6, 'UTC')) COMMENT 'When time alone may change the answer',
    completed_at    Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was completed',
    as_of           DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of',
    advice          String COMMENT 'JSON array of the best to take next with every term (schemas/progress.py Advice); empty until worked out'
)
AS
WITH
    (SELECT mapFromArrays(groupArray(achievement_id), groupArray(name)) FROM catalog_achievements FINAL WHERE name != '') AS names
SELECT
    p.employer_id AS employer_id,
    p.stack_id AS stack_id,
    p.worker_id AS worker_id,
    p.stack_version AS stack_version,
    if(s.title != '', s.title, toString(p.stack_id)) AS stack_title,
    p.status AS status,
    p.complete AS complete,
    p.progress AS progress,
    p.missing AS missing,
    p.next_steps AS next_steps,
    arrayMap(step -> if(names[toString(step)] != '', names[toString(step)], toString(step)), p.next_steps) AS next_step_names,
    p.proof AS proof,
    p.next_change_at AS next_change_at,
    p.completed_at AS completed_at,
    p.as_of AS as_of,
    p.advice AS advice
FROM progress AS p FINAL
LEFT SEMI JOIN v_workers AS w ON p.employer_id = w.employer_id AND p.worker_id = w.worker_id
LEFT ANY JOIN (SELECT stack_id, argMax(title, version) AS title FROM catalog_stacks FINAL GROUP BY stack_id) AS s ON p.stack_id = s.stack_id
COMMENT 'How far current workers are, one row a worker and stack';

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

ALTER TABLE standing DROP COLUMN IF EXISTS finish_with;

ALTER TABLE progress DROP COLUMN IF EXISTS finish_with;

ALTER TABLE progress DROP COLUMN IF EXISTS awards_to_finish;
