SELECT
    h.stack_id AS stack_id,
    if(t.title = '', toString(h.stack_id), t.title) AS stack_title,
    count() AS workers,
    countIf(h.status = 'not_started') AS not_started,
    countIf(h.status = 'in_progress' AND h.progress < 0.5) AS under_half,
    countIf(h.status = 'in_progress' AND h.progress >= 0.5) AS half_or_more,
    countIf(h.status = 'complete') AS complete,
    countIf(h.status = 'lapsed') AS lapsed,
    avg(h.progress) AS average_progress,
    CAST(NULL, 'Nullable(DateTime64(6, \'UTC\'))') AS completed_latest,
    max(h.evaluated_at) AS evaluated_at
FROM
(
    SELECT
        stack_id,
        worker_id,
        argMax(status, (as_of, version)) AS status,
        argMax(progress, (as_of, version)) AS progress,
        max(as_of) AS evaluated_at
    FROM v_progress_history
    WHERE employer_id = {employer_id:String} AND as_of <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY
        stack_id,
        worker_id
    HAVING argMax(is_gone, (as_of, version)) = 0
) AS h
LEFT JOIN
(
    SELECT
        stack_id,
        any(stack_title) AS title
    FROM v_progress
    WHERE employer_id = {employer_id:String}
    GROUP BY stack_id
) AS t ON h.stack_id = t.stack_id
GROUP BY
    stack_id,
    stack_title
ORDER BY
    workers - not_started DESC,
    stack_title,
    stack_id
