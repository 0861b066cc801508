SELECT
    (
        SELECT count()
        FROM v_workers
        WHERE employer_id = {employer_id:String}
    ) AS workers,
    uniqExactIf((worker_id, achievement_id), trust > 0) AS credentials,
    uniqExact(worker_id, achievement_id) - credentials AS self_asserted
FROM v_awards
WHERE employer_id = {employer_id:String} AND status = 'active'
