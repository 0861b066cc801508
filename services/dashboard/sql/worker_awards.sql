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
    multiIf(
        revoked_at <= {as_of:DateTime64(6, 'UTC')}, 'revoked',
        valid_until <= {as_of:DateTime64(6, 'UTC')}, 'expired',
        valid_from > {as_of:DateTime64(6, 'UTC')}, 'not_yet_valid',
        'active'
    ) AS status,
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
