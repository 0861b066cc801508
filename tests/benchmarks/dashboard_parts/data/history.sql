INSERT INTO progress_history (employer_id, stack_id, worker_id, version, as_of, stack_version, status, complete, progress, is_deleted)
WITH
    {workers:UInt64} AS workers,
    cityHash64(number, place) AS chance,
    (number * 7 + place * 13) % 40 AS stack,
    intDiv(chance % 9 * (step + 1), 4) AS done
SELECT
    multiIf(
        number < workers * 0.2, 'employer-big',
        number < workers * 0.3, concat('employer-mid-', toString(intDiv(number - toUInt64(workers * 0.2), greatest(toUInt64(workers * 0.005), 1)))),
        concat('employer-', toString(number % toUInt64(workers * 0.00498)))
    ) AS employer_id,
    concat('https://college.example/stacks/', toString(stack)) AS stack_id,
    UUIDNumToString(MD5(toString(number))) AS worker_id,
    {epoch:UInt64} * 1099511627776 + number * 20 + step AS version,
    now64(6) - toIntervalSecond(chance % (700 * 86400)) - toIntervalDay(40 * (3 - step)) AS as_of,
    '1' AS stack_version,
    if(done = 0, 'not_started', 'in_progress') AS status,
    0 AS complete,
    done / 8 AS progress,
    0 AS is_deleted
FROM (SELECT number, arrayJoin(range(3)) AS place, arrayJoin(range(3)) AS step FROM numbers({first:UInt64}, {count:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
