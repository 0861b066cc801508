SELECT
    expires_at,
    worker_id AS worker,
    achievement_name AS achievement,
    issuer_id AS issuer
FROM v_expiring
WHERE employer_id = ${employer:sqlstring} AND expires_at < now64(6) + toIntervalDay(60)
ORDER BY
    expires_at,
    worker,
    achievement
LIMIT 200
