SELECT
    stack_title AS stack,
    workers,
    not_started,
    under_half,
    half_or_more,
    complete,
    lapsed,
    average_progress,
    completed_latest,
    evaluated_at
FROM v_stack_summary
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    workers - not_started DESC,
    stack
