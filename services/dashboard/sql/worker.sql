SELECT
    worker_id,
    since
FROM v_workers
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String}
