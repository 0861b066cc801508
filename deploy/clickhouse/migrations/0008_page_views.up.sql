-- Published views that pages need besides those of 0003: how progress stood in the past, which award serves which rule,
-- what workers set out on, what registrars decided, and where the original of an award is. Rules as in 0003: employer_id
-- first, current workers only, the filter on the employer reaches every key beneath.

CREATE VIEW IF NOT EXISTS v_progress_history
(
    employer_id   LowCardinality(String) COMMENT 'Employer that the worker is with now, and was with when this was worked out',
    stack_id      LowCardinality(String) COMMENT 'The stack',
    worker_id     String COMMENT 'The worker',
    as_of         DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of',
    version       UInt64 COMMENT 'Order of evaluations of one worker and stack: the newest has the largest',
    stack_version LowCardinality(String) COMMENT 'Version of the stack that was evaluated',
    status        LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    complete      UInt8 COMMENT '1 when every requirement was met',
    progress      Float64 COMMENT '0 to 1',
    is_gone       UInt8 COMMENT '1 when the stack had nothing to do with the worker from here on'
)
AS
SELECT
    h.employer_id AS employer_id,
    h.stack_id AS stack_id,
    h.worker_id AS worker_id,
    h.as_of AS as_of,
    h.version AS version,
    h.stack_version AS stack_version,
    h.status AS status,
    h.complete AS complete,
    h.progress AS progress,
    h.is_deleted AS is_gone
FROM progress_history AS h
LEFT SEMI JOIN v_workers AS w ON h.employer_id = w.employer_id AND h.worker_id = w.worker_id
COMMENT 'Every evaluation of current workers, one row an evaluation; one that was delivered twice may be there twice';

CREATE VIEW IF NOT EXISTS v_allocations
(
    employer_id LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    worker_id   String COMMENT 'The worker',
    award_key   String COMMENT 'The award that counts: issuer_id, a slash, award_id',
    rule_path   String COMMENT 'Place of the rule that it serves within the requirements of the stack'
)
AS
SELECT
    p.employer_id AS employer_id,
    p.stack_id AS stack_id,
    p.worker_id AS worker_id,
    tupleElement(arrayJoin(JSONExtractKeysAndValues(p.allocation, 'String')) AS pair, 1) AS award_key,
    tupleElement(pair, 2) AS rule_path
FROM progress AS p FINAL
LEFT SEMI JOIN v_workers AS w ON p.employer_id = w.employer_id AND p.worker_id = w.worker_id
COMMENT 'Which awards of current workers count toward which stack and rule, one row an award and stack';

CREATE VIEW IF NOT EXISTS v_enrolments
(
    employer_id   LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id     String COMMENT 'The worker',
    record_id     UUID COMMENT 'The record that says so',
    stack_id      String COMMENT 'The stack that the worker set out on',
    stack_version String COMMENT 'The version that was named, empty when none was',
    enrolled_at   DateTime64(6, 'UTC') COMMENT 'When',
    source        LowCardinality(String) COMMENT 'System that stated it'
)
AS
SELECT
    w.employer_id AS employer_id,
    r.worker_id AS worker_id,
    r.record_id AS record_id,
    JSONExtractString(r.body, 'stack_id') AS stack_id,
    JSONExtractString(r.body, 'stack_version') AS stack_version,
    r.occurred_at AS enrolled_at,
    r.source AS source
FROM records AS r FINAL
INNER JOIN v_workers AS w ON r.worker_id = w.worker_id
WHERE r.kind = 'enrolment' AND r.body != ''
COMMENT 'Stacks that current workers set out on, one row a statement';

CREATE VIEW IF NOT EXISTS v_exceptions
(
    employer_id    LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id      String COMMENT 'The worker',
    record_id      UUID COMMENT 'The record of the decision',
    stack_id       String COMMENT 'The stack that it is about',
    type           LowCardinality(String) COMMENT 'waive, substitute, also_allow, apply_here, change_min or block',
    rule           String COMMENT 'Name or place of the rule, empty for the whole stack',
    achievement_id String COMMENT 'What is substituted, also allowed, applied or blocked, else empty',
    minimum        Nullable(Float64) COMMENT 'The new minimum, for change_min',
    is_withdrawn   UInt8 COMMENT '1 when this takes the same decision back',
    decided_by     String COMMENT 'Who decided',
    why            String COMMENT 'Why',
    decided_at     DateTime64(6, 'UTC') COMMENT 'When'
)
AS
SELECT
    w.employer_id AS employer_id,
    r.worker_id AS worker_id,
    r.record_id AS record_id,
    JSONExtractString(r.body, 'stack_id') AS stack_id,
    JSONExtractString(r.body, 'type') AS type,
    JSONExtractString(r.body, 'rule') AS rule,
    JSONExtractString(r.body, 'achievement') AS achievement_id,
    JSONExtract(r.body, 'min', 'Nullable(Float64)') AS minimum,
    JSONExtractBool(r.body, 'withdrawn') AS is_withdrawn,
    JSONExtractString(r.body, 'by') AS decided_by,
    JSONExtractString(r.body, 'why') AS why,
    r.occurred_at AS decided_at
FROM records AS r FINAL
INNER JOIN v_workers AS w ON r.worker_id = w.worker_id
WHERE r.kind = 'exception' AND r.body != ''
COMMENT 'Decisions of registrars about current workers, one row a statement; the newest about one thing holds';

CREATE VIEW IF NOT EXISTS v_evidence
(
    employer_id LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id   String COMMENT 'The worker',
    issuer_id   LowCardinality(String) COMMENT 'Issuer of the award',
    award_id    String COMMENT 'The award within its issuer',
    kind        LowCardinality(String) COMMENT 'award, completion, revocation or verification',
    evidence    String COMMENT 'Address or digest of the original, empty when none was given',
    answers     String COMMENT 'For a verification the separate answers in JSON, else empty',
    dialect     LowCardinality(String) COMMENT 'Form that it came in',
    source      LowCardinality(String) COMMENT 'System that stated it',
    stated_at   DateTime64(6, 'UTC') COMMENT 'The instant that it speaks of',
    received_at DateTime64(6, 'UTC') COMMENT 'When it came in'
)
AS
SELECT
    w.employer_id AS employer_id,
    r.worker_id AS worker_id,
    r.issuer_id AS issuer_id,
    r.award_id AS award_id,
    r.kind AS kind,
    JSONExtractString(r.body, 'evidence') AS evidence,
    if(r.kind = 'verification', JSONExtractRaw(r.body, 'answers'), '') AS answers,
    r.dialect AS dialect,
    r.source AS source,
    r.occurred_at AS stated_at,
    r.received_at AS received_at
FROM records AS r FINAL
INNER JOIN v_workers AS w ON r.worker_id = w.worker_id
WHERE r.award_id != '' AND r.body != ''
COMMENT 'Statements behind the awards of current workers, one row a record';
