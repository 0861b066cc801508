SELECT
    achievement_id,
    count() AS holders
FROM
(
    SELECT any(achievement_id) AS achievement_id
    FROM v_held
    WHERE employer_id = {employer_id:String}
        AND valid_from <= now64(6)
        AND valid_until > now64(6)
        AND revoked_at > now64(6)
    GROUP BY pair
)
GROUP BY achievement_id
