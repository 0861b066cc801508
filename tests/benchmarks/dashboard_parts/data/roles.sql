INSERT INTO worker_roles (employer_id, worker_id, team, role, version, is_deleted)
SELECT
    employer_id,
    worker_id,
    concat('team-', toString(cityHash64(worker_id) % 20)) AS team,
    concat('role-', toString(cityHash64(worker_id) % 12)) AS role,
    1 AS version,
    0 AS is_deleted
FROM employments
WHERE employer_id IN ('employer-big', 'employer-mid-3')
