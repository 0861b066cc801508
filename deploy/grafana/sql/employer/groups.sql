SELECT
    dimension,
    group_name,
    stack_id AS stack,
    workers,
    started_share,
    half_share,
    complete_share,
    median_days,
    hidden
FROM v_group_progress
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    dimension,
    stack,
    group_name
LIMIT 500
