SELECT
    worker_id,
    achievement_id,
    any(achievement_name) AS achievement_name,
    argMax(issuer_id, valid_until) AS issuer_id,
    assumeNotNull(max(valid_until)) AS expires_at,
    count() OVER () AS total
FROM v_awards
WHERE employer_id = {employer_id:String}
    AND valid_from <= {as_of:DateTime64(6, 'UTC')}
    AND ifNull(valid_until > {as_of:DateTime64(6, 'UTC')}, 1)
    AND ifNull(revoked_at > {as_of:DateTime64(6, 'UTC')}, 1)
GROUP BY
    worker_id,
    achievement_id
HAVING countIf(valid_until IS NULL) = 0 AND expires_at < {as_of:DateTime64(6, 'UTC')} + toIntervalDay({days:UInt16})
ORDER BY
    expires_at,
    worker_id,
    achievement_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
