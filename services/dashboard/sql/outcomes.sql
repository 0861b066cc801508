SELECT
    began,
    completion_rate,
    completed,
    median_days,
    holders,
    went_on_rate,
    revocation_rate,
    computed_at
FROM v_achievement_outcomes
WHERE employer_id = {employer_id:String} AND achievement_id = {achievement_id:String}
