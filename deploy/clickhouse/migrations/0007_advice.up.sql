-- Advice in the progress rows: what to take next, with every term of what it would bring.
--
-- It is worked out after the progress itself, and the row is then written again with it; advice is '' until then, and
-- never after. The history keeps what was decided, not what was advised: so rows that only add advice stay out of it.

ALTER TABLE progress ADD COLUMN IF NOT EXISTS advice String DEFAULT '' CODEC(ZSTD(1)) AFTER allocation;

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
FROM progress
WHERE advice = '';

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

CREATE VIEW IF NOT EXISTS v_advice
(
    employer_id      LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id         LowCardinality(String) COMMENT 'The stack that it is advised for',
    worker_id        String COMMENT 'Who is advised',
    place            UInt32 COMMENT '1 for the best to take next, 2 for the one after it ...',
    achievement_id   String COMMENT 'What to take',
    achievement_name String COMMENT 'Its name in the catalog, else its id',
    score            Float64 COMMENT 'What it brings for each week of learning',
    gain             Float64 COMMENT 'Progress gained over all stacks that it moves',
    stack_gain       Float64 COMMENT 'Progress gained in this stack',
    gains            Array(Tuple(stack_id String, before Float64, after Float64, gain Float64, completes Bool, unlocks Array(String))) COMMENT 'Progress gained by stack',
    completes        Array(String) COMMENT 'Stacks that it completes now',
    unlocks          Array(String) COMMENT 'Rules of this stack that it meets besides its own, by place',
    higher           Array(String) COMMENT 'Higher stacks in which it counts besides',
    skills           Array(String) COMMENT 'Skills that it adds and that the stacks ask for',
    hours            Nullable(Float64) COMMENT 'Hours of learning, as the catalog says',
    weeks            Float64 COMMENT 'Weeks that it takes beside a job',
    cost             String COMMENT 'Cost as the catalog says, JSON; empty when it says none',
    issuer_id        String COMMENT 'Who would issue it',
    is_accredited    Bool COMMENT 'Whether the catalog names an accreditation of the issuer',
    trust_asked      UInt8 COMMENT 'Highest trust tier that a rule asks of it',
    as_of            DateTime64(6, 'UTC') COMMENT 'Instant that the advice speaks of'
)
AS
SELECT
    employer_id,
    stack_id,
    worker_id,
    place,
    JSONExtractString(one, 'achievement') AS achievement_id,
    if(JSONExtractString(one, 'name') != '', JSONExtractString(one, 'name'), achievement_id) AS achievement_name,
    JSONExtractFloat(one, 'score') AS score,
    JSONExtractFloat(one, 'gain') AS gain,
    arrayFirst(each -> each.stack_id = toString(stack_id), gains).gain AS stack_gain,
    JSONExtract(one, 'gains', 'Array(Tuple(stack_id String, before Float64, after Float64, gain Float64, completes Bool, unlocks Array(String)))') AS gains,
    JSONExtract(one, 'completes', 'Array(String)') AS completes,
    arrayFirst(each -> each.stack_id = toString(stack_id), gains).unlocks AS unlocks,
    JSONExtract(one, 'higher', 'Array(String)') AS higher,
    JSONExtract(one, 'skills', 'Array(String)') AS skills,
    JSONExtract(one, 'hours', 'Nullable(Float64)') AS hours,
    JSONExtractFloat(one, 'weeks') AS weeks,
    if(JSONType(one, 'cost') = 'Null', '', JSONExtractRaw(one, 'cost')) AS cost,
    JSONExtractString(one, 'trust', 'issuer') AS issuer_id,
    JSONExtractBool(one, 'trust', 'is_accredited') AS is_accredited,
    JSONExtract(one, 'trust', 'asked', 'UInt8') AS trust_asked,
    as_of
FROM v_progress
ARRAY JOIN
    JSONExtractArrayRaw(advice) AS one,
    arrayEnumerate(JSONExtractArrayRaw(advice)) AS place
COMMENT 'What current workers might take next, one row a worker, stack and achievement, with every term';
