SELECT
    team,
    skill,
    count() AS holders,
    countIf(checked > 0) AS verified,
    countIf(checked > 1) AS experts
FROM
(
    SELECT
        any(one_team) AS team,
        any(one_skill) AS skill,
        countIf(one_trust > 1) AS checked
    FROM
    (
        SELECT
            p.team AS one_team,
            h.person AS one_person,
            h.trust AS one_trust,
            arrayJoin(h.skills) AS one_skill
        FROM
        (
            SELECT
                person,
                trust,
                skills
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
    )
    GROUP BY bitXor(one_person, cityHash64(one_skill))
)
GROUP BY
    team,
    skill
ORDER BY
    skill,
    team
