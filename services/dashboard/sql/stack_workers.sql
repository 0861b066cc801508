SELECT
    worker_id,
    status,
    progress,
    stack_version,
    JSONLength(missing) AS missing_parts,
    next_step_names,
    completed_at,
    next_change_at,
    count() OVER () AS total
FROM v_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
ORDER BY
    complete DESC,
    progress DESC,
    worker_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
