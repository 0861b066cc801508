SELECT
    any(p.team) AS team,
    any(one_skill) AS skill,
    countIf(nth = 1) AS holders,
    countIf(is_checked AND nth_checked = 1) AS verified,
    countIf(is_checked AND nth_checked = 2) AS experts
FROM
(
    SELECT
        person,
        groupArrayArray(skills) AS shown,
        groupArrayArray(arrayMap(skill -> trust > 1, skills)) AS checks
    FROM v_held
    WHERE employer_id = {employer_id:String}
        AND valid_from <= {as_of:DateTime64(6, 'UTC')}
        AND valid_until > {as_of:DateTime64(6, 'UTC')}
        AND revoked_at > {as_of:DateTime64(6, 'UTC')}
    GROUP BY person
) AS s
INNER JOIN
(
    SELECT
        person,
        team
    FROM v_people
    WHERE employer_id = {employer_id:String}
) AS p ON s.person = p.person
ARRAY JOIN
    s.shown AS one_skill,
    s.checks AS is_checked,
    arrayEnumerateUniq(s.shown) AS nth,
    arrayEnumerateUniq(s.shown, s.checks) AS nth_checked
GROUP BY bitXor(cityHash64(p.team), cityHash64(one_skill))
ORDER BY
    skill,
    team
