SELECT
    achievement_id,
    achievement_name,
    type,
    level,
    skills,
    issuer_id,
    award_id,
    basis,
    trust,
    status,
    grade,
    score_scaled,
    credits_value,
    credits_unit,
    valid_from,
    valid_until,
    revoked_at,
    revoked_reason,
    source
FROM v_awards
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String}
ORDER BY
    status = 'active' DESC,
    valid_from DESC,
    achievement_name,
    issuer_id,
    award_id
