SELECT
    employer_id,
    worker_id,
    person,
    pair,
    achievement_id,
    skills,
    issuer_id,
    source,
    trust,
    valid_from,
    valid_until,
    revoked_at
FROM held FINAL
WHERE employer_id = {employer_id:String} AND identity(person) IN (SELECT person FROM current_people)
