SELECT
    (
        SELECT count()
        FROM v_workers
        WHERE employer_id = {employer_id:String}
    ) AS workers,
    countIf(tier = 0) AS tier_0,
    countIf(tier = 1) AS tier_1,
    countIf(tier = 2) AS tier_2,
    countIf(tier = 3) AS tier_3,
    countIf(tier = 4) AS tier_4
FROM
(
    SELECT
        worker_id,
        achievement_id,
        max(trust) AS tier
    FROM v_awards
    WHERE employer_id = {employer_id:String}
        AND valid_from <= {as_of:DateTime64(6, 'UTC')}
        AND ifNull(valid_until > {as_of:DateTime64(6, 'UTC')}, 1)
        AND ifNull(revoked_at > {as_of:DateTime64(6, 'UTC')}, 1)
    GROUP BY
        worker_id,
        achievement_id
)
