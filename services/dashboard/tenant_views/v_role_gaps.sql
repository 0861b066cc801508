SELECT
    e.employer_id AS employer_id,
    e.role AS role,
    e.skill AS skill,
    n.workers AS workers,
    c.holders AS holders,
    c.verified AS verified
FROM
(
    SELECT
        employer_id,
        role,
        skill,
        cityHash64(toString(skill)) AS number
    FROM role_skills FINAL
    WHERE employer_id = {employer_id:String}
) AS e
LEFT JOIN
(
    SELECT
        role,
        count() AS workers
    FROM v_people
    GROUP BY role
) AS n ON e.role = n.role
LEFT JOIN
(
    SELECT
        any(p.role) AS role,
        number,
        countIf(nth = 1) AS holders,
        countIf(is_checked AND nth_checked = 1) AS verified
    FROM skills_of_people AS s
    INNER JOIN v_people AS p ON s.person = p.person
    ARRAY JOIN
        s.numbers AS number,
        s.checks AS is_checked,
        arrayEnumerateUniq(s.numbers) AS nth,
        arrayEnumerateUniq(s.numbers, s.checks) AS nth_checked
    GROUP BY
        cityHash64(p.role),
        number
) AS c ON e.role = c.role AND e.number = c.number
