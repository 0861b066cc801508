SELECT
    stack_id,
    stack_title,
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
WHERE employer_id = {employer_id:String}
ORDER BY
    workers - not_started DESC,
    stack_title,
    stack_id
