SELECT
    employer_id,
    day,
    sum(achievements) AS achievements,
    sum(stacks) AS stacks
FROM
(
    SELECT
        employer_id,
        toDate(valid_from) AS day,
        uniqExact(pair) AS achievements,
        0 AS stacks
    FROM v_held
    WHERE valid_from <= now64(6) AND revoked_at > now64(6)
    GROUP BY
        employer_id,
        day
    UNION ALL
    SELECT
        employer_id,
        toDate(assumeNotNull(completed_at)) AS day,
        0 AS achievements,
        count() AS stacks
    FROM v_standing
    WHERE completed_at IS NOT NULL AND complete = 1
    GROUP BY
        employer_id,
        day
)
GROUP BY
    employer_id,
    day
