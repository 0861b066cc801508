SELECT
    team,
    skill,
    count() AS holders,
    countIf(checked > 0) AS verified,
    countIf(checked > 1) AS experts
FROM
(
    SELECT
        p.team AS team,
        h.skill AS skill,
        h.person AS person,
        countIf(h.trust > 1) AS checked
    FROM
    (
        SELECT
            person,
            trust,
            arrayJoin(skills) AS skill
        FROM v_held
        WHERE employer_id = {employer_id:String}
            AND valid_from <= {as_of:DateTime64(6, 'UTC')}
            AND valid_until > {as_of:DateTime64(6, 'UTC')}
            AND revoked_at > {as_of:DateTime64(6, 'UTC')}
    ) AS h
    INNER JOIN
    (
        SELECT
            person,
            team
        FROM v_people
        WHERE employer_id = {employer_id:String}
    ) AS p ON h.person = p.person
    GROUP BY
        team,
        skill,
        person
)
GROUP BY
    team,
    skill
ORDER BY
    skill,
    team
