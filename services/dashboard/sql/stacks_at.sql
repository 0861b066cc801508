SELECT
    h.stack_id AS stack_id,
    if(t.stack_title = '', toString(h.stack_id), t.stack_title) AS stack_title,
    h.workers AS workers,
    h.not_started AS not_started,
    h.under_half AS under_half,
    h.half_or_more AS half_or_more,
    h.complete AS complete,
    h.lapsed AS lapsed,
    h.average_progress AS average_progress,
    CAST(NULL, 'Nullable(DateTime64(6, \'UTC\'))') AS completed_latest,
    h.evaluated_at AS evaluated_at
FROM
(
    SELECT
        last_stack AS stack_id,
        count() AS workers,
        countIf(last_status = 'not_started') AS not_started,
        countIf(last_status = 'in_progress' AND last_progress < 0.5) AS under_half,
        countIf(last_status = 'in_progress' AND last_progress >= 0.5) AS half_or_more,
        countIf(last_status = 'complete') AS complete,
        countIf(last_status = 'lapsed') AS lapsed,
        avg(last_progress) AS average_progress,
        max(last_at) AS evaluated_at
    FROM
    (
        SELECT
            any(stack_id) AS last_stack,
            argMax(status, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(as_of)), 64) + version) AS last_status,
            argMax(progress, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(as_of)), 64) + version) AS last_progress,
            max(as_of) AS last_at
        FROM v_standing_history
        WHERE employer_id = {employer_id:String} AND as_of <= {as_of:DateTime64(6, 'UTC')}
        GROUP BY bitXor(person, cityHash64(stack_id))
        HAVING argMax(is_gone, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(as_of)), 64) + version) = 0
    )
    GROUP BY last_stack
) AS h
LEFT ANY JOIN
(
    SELECT
        stack_id,
        stack_title
    FROM v_stacks
    WHERE employer_id = {employer_id:String}
) AS t ON h.stack_id = t.stack_id
ORDER BY
    workers - not_started DESC,
    stack_title,
    stack_id
