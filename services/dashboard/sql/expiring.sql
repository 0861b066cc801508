SELECT
    e.worker_id AS worker_id,
    e.achievement_id AS achievement_id,
    if(n.achievement_name = '', toString(e.achievement_id), n.achievement_name) AS achievement_name,
    e.issuer_id AS issuer_id,
    e.expires_at AS expires_at,
    e.total AS total
FROM
(
    SELECT
        any(worker_id) AS worker_id,
        any(achievement_id) AS achievement_id,
        argMax(issuer_id, valid_until) AS issuer_id,
        max(valid_until) AS expires_at,
        count() OVER () AS total
    FROM v_held
    WHERE employer_id = {employer_id:String}
        AND valid_from <= {as_of:DateTime64(6, 'UTC')}
        AND valid_until > {as_of:DateTime64(6, 'UTC')}
        AND revoked_at > {as_of:DateTime64(6, 'UTC')}
        AND pair IN
        (
            SELECT pair
            FROM v_held
            WHERE employer_id = {employer_id:String}
                AND valid_from <= {as_of:DateTime64(6, 'UTC')}
                AND valid_until > {as_of:DateTime64(6, 'UTC')}
                AND valid_until < {as_of:DateTime64(6, 'UTC')} + toIntervalDay({days:UInt16})
                AND revoked_at > {as_of:DateTime64(6, 'UTC')}
        )
    GROUP BY pair
    HAVING expires_at < {as_of:DateTime64(6, 'UTC')} + toIntervalDay({days:UInt16})
    ORDER BY
        expires_at,
        worker_id,
        achievement_id
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
) AS e
LEFT ANY JOIN
(
    SELECT
        achievement_id,
        achievement_name
    FROM v_names
    WHERE employer_id = {employer_id:String}
) AS n ON e.achievement_id = n.achievement_id
ORDER BY
    expires_at,
    worker_id,
    achievement_id
