SELECT
    achievement_id,
    uniqExact(worker_id) AS holders
FROM v_awards
WHERE employer_id = {employer_id:String} AND status = 'active'
GROUP BY achievement_id
