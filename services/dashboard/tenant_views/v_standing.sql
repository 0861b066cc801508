SELECT
    employer_id,
    stack_id,
    worker_id,
    person,
    status,
    complete,
    progress,
    missing_paths,
    missing_gap,
    next_steps,
    used,
    used_paths,
    completed_at,
    as_of,
    awards_to_finish,
    finish_with
FROM standing FINAL
WHERE employer_id = {employer_id:String} AND identity(person) IN (SELECT person FROM current_people)
