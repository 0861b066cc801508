INSERT INTO awards (employer_id, worker_id, issuer_id, award_id, basis, achievement_id, achievement_name, type, level, skills, credits_value, credits_unit, score_scaled, grade, trust, valid_from, valid_until, revoked_at, revoked_reason, source, version, is_deleted)
WITH
    {workers:UInt64} AS workers,
    cityHash64(number, place, part) AS chance,
    (number * 7 + place * 13) % 40 AS stack
SELECT
    multiIf(
        number < workers * 0.2, 'employer-big',
        number < workers * 0.3, concat('employer-mid-', toString(intDiv(number - toUInt64(workers * 0.2), greatest(toUInt64(workers * 0.005), 1)))),
        concat('employer-', toString(number % toUInt64(workers * 0.00498)))
    ) AS employer_id,
    UUIDNumToString(MD5(toString(number))) AS worker_id,
    if(part % 3 = 2, concat('https://issuer-', toString(stack), '.example'), concat('lms-', toString(stack % 8))) AS issuer_id,
    if(part % 3 = 2, concat('urn:uuid:', UUIDNumToString(MD5(concat('a', toString(chance))))), concat('completion:', achievement_id, ':', UUIDNumToString(MD5(concat('a', toString(chance)))))) AS award_id,
    if(part % 3 = 2, 'award', 'completion') AS basis,
    concat('https://college.example/courses/', toString(stack), '-', toString(part)) AS achievement_id,
    concat('Course ', toString(stack), ' part ', toString(part)) AS achievement_name,
    if(part % 3 = 2, 'certificate', 'course') AS type,
    '' AS level,
    arrayMap(k -> concat('skill-', toString((stack * 3 + part + k) % 90)), range(3)) AS skills,
    if(part % 3 = 2, NULL, 3) AS credits_value,
    if(part % 3 = 2, '', 'semester_hour') AS credits_unit,
    if(part % 3 = 2, NULL, (chance % 41 + 60) / 100) AS score_scaled,
    '' AS grade,
    transform(chance % 10, [0, 1, 2, 3], [0, 2, 3, 4], 1) AS trust,
    now64(6) - toIntervalSecond(chance % (1500 * 86400)) AS valid_from,
    if(part % 4 = 0, valid_from + toIntervalDay(365 + chance % 1460), NULL) AS valid_until,
    if(chance % 50 = 0, valid_from + toIntervalDay(5), NULL) AS revoked_at,
    if(chance % 50 = 0, 'result withdrawn', '') AS revoked_reason,
    concat('lms-', toString(stack % 8)) AS source,
    {epoch:UInt64} * 1099511627776 + number * 40 + place * 10 + part + 1 AS version,
    0 AS is_deleted
FROM
(
    SELECT
        number,
        place,
        arrayJoin(range(cityHash64(number, place) % 9)) AS part
    FROM (SELECT number, arrayJoin(range(3)) AS place FROM numbers({first:UInt64}, {count:UInt64}))
)
