SELECT
    w.employer_id AS employer_id,
    w.worker_id AS worker_id,
    w.person AS person,
    w.since AS since,
    r.team AS team,
    r.role AS role
FROM
(
    SELECT
        employer_id,
        worker_id,
        cityHash64(toString(employer_id), worker_id) AS person,
        max(started_at) AS since
    FROM employments FINAL
    WHERE employer_id = {employer_id:String} AND started_at <= now64(6) AND (ended_at IS NULL OR ended_at > now64(6))
    GROUP BY
        employer_id,
        worker_id
) AS w
LEFT ANY JOIN
(
    SELECT
        cityHash64(toString(employer_id), worker_id) AS person,
        team,
        role
    FROM worker_roles FINAL
    WHERE employer_id = {employer_id:String}
) AS r ON w.person = r.person
