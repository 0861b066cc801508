SELECT
    c.employer_id AS employer_id,
    c.stack_id AS stack_id,
    if(t.title != '', t.title, toString(c.stack_id)) AS stack_title,
    c.workers AS workers,
    c.not_started AS not_started,
    c.under_half AS under_half,
    c.half_or_more AS half_or_more,
    c.complete_now AS complete,
    c.lapsed AS lapsed,
    c.average_progress AS average_progress,
    c.completed_latest AS completed_latest,
    c.evaluated_at AS evaluated_at
FROM
(
    SELECT
        employer_id,
        stack_id,
        count() AS workers,
        countIf(status = 'not_started') AS not_started,
        countIf(status = 'in_progress' AND progress < 0.5) AS under_half,
        countIf(status = 'in_progress' AND progress >= 0.5) AS half_or_more,
        countIf(status = 'complete') AS complete_now,
        countIf(status = 'lapsed') AS lapsed,
        avg(progress) AS average_progress,
        max(completed_at) AS completed_latest,
        max(as_of) AS evaluated_at
    FROM v_standing
    GROUP BY
        employer_id,
        stack_id
) AS c
LEFT ANY JOIN
(
    SELECT
        stack_id,
        argMax(title, version) AS title
    FROM catalog_stacks FINAL
    GROUP BY stack_id
) AS t ON c.stack_id = t.stack_id
