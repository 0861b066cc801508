INSERT INTO role_skills (employer_id, role, skill, version, is_deleted)
SELECT
    arrayJoin(['employer-big', 'employer-mid-3']) AS employer_id,
    concat('role-', toString(intDiv(number, 5))) AS role,
    concat('skill-', toString(number % 90)) AS skill,
    1 AS version,
    0 AS is_deleted
FROM numbers(60)
