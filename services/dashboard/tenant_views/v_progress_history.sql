SELECT
    employer_id,
    stack_id,
    worker_id,
    as_of,
    version,
    stack_version,
    status,
    complete,
    progress,
    is_deleted AS is_gone
FROM progress_history
WHERE employer_id = {employer_id:String} AND identity(worker_id) IN (SELECT worker_id FROM current_people)
