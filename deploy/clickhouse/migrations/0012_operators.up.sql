-- Refusals as employers see them, and what operators watch: sources, arrivals, refusals, tables. `ops_` views are of
-- everybody's data, in counts; they are for operators, and no employer's role may read them.

CREATE VIEW IF NOT EXISTS v_refusals
(
    employer_id  LowCardinality(String) COMMENT 'Employer that looks',
    source       LowCardinality(String) COMMENT 'System that has stated something about its workers',
    reason       LowCardinality(String) COMMENT 'Why records of this system were refused, as a code',
    stage        LowCardinality(String) COMMENT 'Where they were refused',
    refusals_24h UInt64 COMMENT 'Refused in the last 24 hours and not taken in since, about whomever',
    refusals_30d UInt64 COMMENT 'The same in 30 days',
    newest_at    DateTime64(6, 'UTC') COMMENT 'When the newest of these was refused'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.source AS source,
    r.reason AS reason,
    r.stage AS stage,
    r.refusals_24h AS refusals_24h,
    r.refusals_30d AS refusals_30d,
    r.newest_at AS newest_at
FROM
(
    SELECT
        employer_id,
        source
    FROM statements_daily
    GROUP BY
        employer_id,
        source
) AS s
INNER JOIN
(
    SELECT
        source,
        reason,
        stage,
        countIf(refused_at > now64(6) - toIntervalHour(24)) AS refusals_24h,
        count() AS refusals_30d,
        max(refused_at) AS newest_at
    FROM refusals FINAL
    WHERE is_redriven = 0 AND refused_at > now64(6) - toIntervalDay(30)
    GROUP BY
        source,
        reason,
        stage
) AS r ON s.source = r.source
COMMENT 'Records refused from the sources of an employer, one row a source, reason and stage';

CREATE VIEW IF NOT EXISTS ops_sources AS
SELECT
    source,
    uniqCombined64Merge(records) AS records_7d,
    uniqCombined64MergeIf(records, hour >= toStartOfHour(now()) - toIntervalHour(23)) AS records_24h,
    max(received_latest) AS received_latest,
    max(stored_latest) AS stored_latest,
    quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[1] AS end_to_end_p50_seconds,
    quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[2] AS end_to_end_p95_seconds,
    quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[3] AS end_to_end_p99_seconds
FROM arrivals
WHERE hour >= toStartOfHour(now()) - toIntervalDay(7)
GROUP BY source
COMMENT 'Sources of the last 7 days: how many records, how fresh, how long from coming in to being stored';

CREATE VIEW IF NOT EXISTS ops_arrivals AS
SELECT
    hour,
    source,
    uniqCombined64Merge(records) AS records,
    quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[2] AS end_to_end_p95_seconds
FROM arrivals
GROUP BY
    hour,
    source
COMMENT 'Records by hour of arrival and source';

CREATE VIEW IF NOT EXISTS ops_refusals AS
SELECT
    toStartOfHour(toDateTime(refused_at, 'UTC')) AS hour,
    source,
    stage,
    reason,
    count() AS refusals,
    countIf(is_redriven = 1) AS redriven
FROM refusals FINAL
GROUP BY
    hour,
    source,
    stage,
    reason
COMMENT 'Refusals by hour, source, stage and reason';

CREATE VIEW IF NOT EXISTS ops_employers AS
SELECT
    c.employer_id AS employer_id,
    c.workers AS workers,
    p.evaluations AS evaluations,
    p.evaluated_at AS evaluated_at
FROM
(
    SELECT
        employer_id,
        uniqExact(person) AS workers
    FROM current_people
    GROUP BY employer_id
) AS c
LEFT JOIN
(
    SELECT
        employer_id,
        count() AS evaluations,
        max(as_of) AS evaluated_at
    FROM standing FINAL
    GROUP BY employer_id
) AS p ON c.employer_id = p.employer_id
COMMENT 'How many current workers each employer has, and how fresh what is told of them is';

CREATE VIEW IF NOT EXISTS ops_tables AS
SELECT
    table,
    sum(rows) AS stored_rows,
    sum(bytes_on_disk) AS stored_bytes,
    count() AS parts,
    max(modification_time) AS written_at
FROM system.parts
WHERE database = currentDatabase() AND active
GROUP BY table
COMMENT 'How large each table is and in how many parts';
