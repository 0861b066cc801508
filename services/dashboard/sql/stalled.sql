SELECT
    s.stack_id AS stack_id,
    p.stack_title AS stack_title,
    s.worker_id AS worker_id,
    s.progress AS progress,
    multiIf(
        JSONExtractString(p.missing, 1, 'name') = '', JSONExtractString(p.missing, 1, 'reason'),
        startsWith(JSONExtractString(p.missing, 1, 'reason'), JSONExtractString(p.missing, 1, 'name')), JSONExtractString(p.missing, 1, 'reason'),
        concat(JSONExtractString(p.missing, 1, 'name'), ': ', JSONExtractString(p.missing, 1, 'reason'))
    ) AS reason,
    p.finish_names AS finish_names,
    s.newest_at AS newest_at,
    s.total AS total
FROM
(
    SELECT
        stack_id,
        worker_id,
        stack_title,
        missing,
        finish_names
    FROM v_progress
    WHERE employer_id = {employer_id:String}
) AS p
INNER JOIN
(
    SELECT
        stack_id,
        worker_id,
        progress,
        newest_at,
        count() OVER () AS total
    FROM v_one_step_short
    WHERE employer_id = {employer_id:String}
        AND newest_at < {as_of:DateTime64(6, 'UTC')} - toIntervalDay({stalled_days:UInt16})
    ORDER BY
        progress DESC,
        newest_at,
        worker_id,
        stack_id
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
) AS s ON p.stack_id = s.stack_id AND p.worker_id = s.worker_id
ORDER BY
    s.progress DESC,
    s.newest_at,
    s.worker_id,
    s.stack_id
