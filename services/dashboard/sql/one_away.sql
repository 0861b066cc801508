SELECT
    worker_id,
    progress,
    multiIf(
        JSONExtractString(missing, 1, 'name') = '', JSONExtractString(missing, 1, 'reason'),
        startsWith(JSONExtractString(missing, 1, 'reason'), JSONExtractString(missing, 1, 'name')), JSONExtractString(missing, 1, 'reason'),
        concat(JSONExtractString(missing, 1, 'name'), ': ', JSONExtractString(missing, 1, 'reason'))
    ) AS reason,
    next_step_names,
    next_change_at,
    count() OVER () AS total
FROM v_progress
WHERE employer_id = {employer_id:String}
    AND stack_id = {stack_id:String}
    AND status IN ('in_progress', 'lapsed', 'not_started')
    AND JSONLength(missing) = 1
    AND JSONExtractFloat(missing, 1, 'gap') <= 1
    AND has({paths:Array(String)}, JSONExtractString(missing, 1, 'path'))
ORDER BY
    progress DESC,
    worker_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
