INSERT INTO employments (employer_id, worker_id, started_at, ended_at, version, is_deleted)
WITH {workers:UInt64} AS workers
SELECT
    multiIf(
        number < workers * 0.2, 'employer-big',
        number < workers * 0.3, concat('employer-mid-', toString(intDiv(number - toUInt64(workers * 0.2), greatest(toUInt64(workers * 0.005), 1)))),
        concat('employer-', toString(number % toUInt64(workers * 0.00498)))
    ) AS employer_id,
    UUIDNumToString(MD5(toString(number))) AS worker_id,
    now64(6) - toIntervalDay(30 + number % 3000) AS started_at,
    NULL AS ended_at,
    {epoch:UInt64} * 1099511627776 + number + 1 AS version,
    0 AS is_deleted
FROM numbers({first:UInt64}, {count:UInt64})
