SELECT
    stack_id,
    stack_title,
    stack_version,
    status,
    complete,
    progress,
    missing,
    next_steps,
    next_step_names,
    proof,
    next_change_at,
    completed_at,
    as_of
FROM v_progress
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String}
ORDER BY
    status = 'not_started',
    complete,
    progress DESC,
    stack_title,
    stack_id
