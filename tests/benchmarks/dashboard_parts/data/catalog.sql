INSERT INTO catalog_achievements (achievement_id, name, type, issuer_id, level, skills, version, is_deleted)
SELECT
    concat('https://college.example/courses/', toString(stack), '-', toString(part)) AS achievement_id,
    concat('Course ', toString(stack), ' part ', toString(part)) AS name,
    'course' AS type,
    'https://college.example' AS issuer_id,
    '' AS level,
    arrayMap(k -> concat('skill-', toString((stack * 3 + part + k) % 90)), range(3)) AS skills,
    1 AS version,
    0 AS is_deleted
FROM (SELECT arrayJoin(range(40)) AS stack, arrayJoin(range(8)) AS part)
