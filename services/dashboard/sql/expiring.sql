SELECT
    worker_id,
    achievement_id,
    achievement_name,
    issuer_id,
    expires_at,
    count() OVER () AS total
FROM v_expiring
WHERE employer_id = {employer_id:String} AND expires_at < now64(6) + toIntervalDay({days:UInt16})
ORDER BY
    expires_at,
    worker_id,
    achievement_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
