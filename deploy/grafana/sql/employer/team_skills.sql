SELECT
    if(team = '', 'no team', toString(team)) AS of_team,
    skill,
    holders,
    verified,
    experts
FROM v_team_skills
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    holders DESC,
    of_team,
    skill
LIMIT 500
