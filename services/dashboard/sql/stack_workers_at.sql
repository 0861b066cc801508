SELECT
    worker_id,
    argMax(status, (as_of, version)) AS status,
    argMax(progress, (as_of, version)) AS progress,
    argMax(stack_version, (as_of, version)) AS stack_version,
    CAST(NULL, 'Nullable(UInt64)') AS missing_parts,
    CAST([], 'Array(String)') AS next_step_names,
    CAST(NULL, 'Nullable(DateTime64(6, \'UTC\'))') AS completed_at,
    CAST(NULL, 'Nullable(DateTime64(6, \'UTC\'))') AS next_change_at,
    count() OVER () AS total
FROM v_progress_history
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND as_of <= {as_of:DateTime64(6, 'UTC')}
GROUP BY worker_id
HAVING argMax(is_gone, (as_of, version)) = 0
ORDER BY
    status = 'complete' DESC,
    progress DESC,
    worker_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
