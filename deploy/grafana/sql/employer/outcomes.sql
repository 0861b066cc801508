SELECT
    achievement_id AS achievement,
    began,
    completion_rate,
    median_days,
    holders,
    went_on_rate,
    revocation_rate,
    computed_at
FROM v_achievement_outcomes
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    holders DESC NULLS LAST,
    achievement
LIMIT 100
