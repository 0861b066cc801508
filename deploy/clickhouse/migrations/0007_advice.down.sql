DROP VIEW IF EXISTS v_advice;

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
    as_of           DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of'
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
    p.as_of AS as_of
FROM progress AS p FINAL
LEFT SEMI JOIN v_workers AS w ON p.employer_id = w.employer_id AND p.worker_id = w.worker_id
LEFT ANY JOIN (SELECT stack_id, argMax(title, version) AS title FROM catalog_stacks FINAL GROUP BY stack_id) AS s ON p.stack_id = s.stack_id
COMMENT 'How far current workers are, one row a worker and stack';

ALTER TABLE progress_history_feed MODIFY QUERY
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

ALTER TABLE progress DROP COLUMN IF EXISTS advice;
