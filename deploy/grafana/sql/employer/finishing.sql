SELECT
    achievement_id AS achievement,
    sum(workers) AS finished_stacks,
    count() AS stacks
FROM v_finishing_steps
WHERE employer_id = ${employer:sqlstring}
GROUP BY achievement
ORDER BY
    finished_stacks DESC,
    achievement
LIMIT 50
