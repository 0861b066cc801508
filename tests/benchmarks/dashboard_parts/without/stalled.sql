SELECT
    p.stack_id AS stack_id,
    p.stack_title AS stack_title,
    p.worker_id AS worker_id,
    p.progress AS progress,
    p.reason AS reason,
    p.next_step_names AS next_step_names,
    a.newest_at AS newest_at,
    count() OVER () AS total
FROM
(
    SELECT
        stack_id,
        stack_title,
        worker_id,
        progress,
        multiIf(
            JSONExtractString(missing, 1, 'name') = '', JSONExtractString(missing, 1, 'reason'),
            startsWith(JSONExtractString(missing, 1, 'reason'), JSONExtractString(missing, 1, 'name')), JSONExtractString(missing, 1, 'reason'),
            concat(JSONExtractString(missing, 1, 'name'), ': ', JSONExtractString(missing, 1, 'reason'))
        ) AS reason,
        next_step_names
    FROM v_progress
    WHERE employer_id = {employer_id:String}
        AND status = 'in_progress'
        AND JSONLength(missing) = 1
        AND JSONExtractFloat(missing, 1, 'gap') <= 1
) AS p
INNER JOIN
(
    SELECT
        worker_id,
        max(valid_from) AS newest_at
    FROM v_awards
    WHERE employer_id = {employer_id:String} AND valid_from <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY worker_id
    HAVING newest_at < {as_of:DateTime64(6, 'UTC')} - toIntervalDay({stalled_days:UInt16})
) AS a ON p.worker_id = a.worker_id
ORDER BY
    p.progress DESC,
    a.newest_at,
    p.worker_id,
    p.stack_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
