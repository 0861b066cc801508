/* Bare counts never leave ClickHouse: a cell below ten is null, as in v_achievement_outcomes. */
SELECT
    o.achievement_id AS achievement_id,
    if(o.began >= 10, o.began, NULL) AS began,
    if(
        o.began >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [o.completed, o.began - o.completed]),
        o.completed / o.began,
        NULL
    ) AS completion_rate,
    if(o.completed >= 10, o.completed, NULL) AS completed,
    if(o.completed >= 10, o.median_days, NULL) AS median_days,
    if(o.holders >= 10, o.holders, NULL) AS holders,
    if(
        o.holders >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [o.went_on, o.holders - o.went_on]),
        o.went_on / o.holders,
        NULL
    ) AS went_on_rate,
    if(
        o.holders >= 10 AND arrayAll(n -> n = 0 OR n >= 10, [o.revoked, o.holders - o.revoked]),
        o.revoked / o.holders,
        NULL
    ) AS revocation_rate,
    o.computed_at AS computed_at
FROM achievement_outcomes AS o
WHERE o.employer_id = '*' AND o.achievement_id IN {achievements:Array(String)}
