SELECT
    team,
    skill,
    holders,
    verified,
    experts
FROM v_team_skills
WHERE employer_id = {employer_id:String}
ORDER BY
    skill,
    team
