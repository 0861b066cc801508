SELECT
    k.employer_id AS employer_id,
    toLowCardinality(c.team) AS team,
    k.skill AS skill,
    c.holders AS holders,
    c.verified AS verified,
    c.experts AS experts
FROM
(
    SELECT
        any(p.team) AS team,
        number,
        countIf(nth = 1) AS holders,
        countIf(is_checked AND nth_checked = 1) AS verified,
        countIf(is_checked AND nth_checked = 2) AS experts
    FROM skills_of_people AS s
    INNER JOIN v_people AS p ON s.person = p.person
    ARRAY JOIN
        s.numbers AS number,
        s.checks AS is_checked,
        arrayEnumerateUniq(s.numbers) AS nth,
        arrayEnumerateUniq(s.numbers, s.checks) AS nth_checked
    GROUP BY
        cityHash64(p.team),
        number
) AS c
INNER JOIN
(
    SELECT
        employer_id,
        skill,
        cityHash64(toString(skill)) AS number
    FROM said_skills FINAL
    WHERE employer_id = {employer_id:String}
) AS k ON c.number = k.number
