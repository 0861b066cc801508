SELECT
    s.worker_id AS worker_id,
    s.progress AS progress,
    multiIf(
        JSONExtractString(p.missing, 1, 'name') = '', JSONExtractString(p.missing, 1, 'reason'),
        startsWith(JSONExtractString(p.missing, 1, 'reason'), JSONExtractString(p.missing, 1, 'name')), JSONExtractString(p.missing, 1, 'reason'),
        concat(JSONExtractString(p.missing, 1, 'name'), ': ', JSONExtractString(p.missing, 1, 'reason'))
    ) AS reason,
    p.finish_names AS finish_names,
    p.next_change_at AS next_change_at,
    s.total AS total
FROM
(
    SELECT
        worker_id,
        missing,
        finish_names,
        next_change_at
    FROM v_progress
    WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND awards_to_finish = 1
) AS p
INNER JOIN
(
    SELECT
        worker_id,
        progress,
        count() OVER () AS total
    FROM v_standing
    WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND awards_to_finish = 1
    ORDER BY
        progress DESC,
        worker_id
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
) AS s ON p.worker_id = s.worker_id
ORDER BY
    s.progress DESC,
    s.worker_id
