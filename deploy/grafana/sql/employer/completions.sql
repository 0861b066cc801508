SELECT
    toDateTime(day, 'UTC') AS time,
    sum(achievements) AS achievements,
    sum(stacks) AS stacks
FROM v_completions_daily
WHERE employer_id = ${employer:sqlstring} AND $__dateFilter(day)
GROUP BY day
ORDER BY day
