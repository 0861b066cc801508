SELECT
    team,
    count() AS workers
FROM v_people
WHERE employer_id = {employer_id:String}
GROUP BY team
ORDER BY
    team = '',
    team
