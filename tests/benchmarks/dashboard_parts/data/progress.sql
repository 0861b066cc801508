INSERT INTO progress (employer_id, stack_id, worker_id, stack_version, status, complete, progress, missing, missing_achievements, next_steps, allocation, proof, next_change_at, completed_at, as_of, version, is_deleted)
WITH
    {workers:UInt64} AS workers,
    cityHash64(number, place) AS chance,
    (number * 7 + place * 13) % 40 AS stack,
    chance % 9 AS done
SELECT
    multiIf(
        number < workers * 0.2, 'employer-big',
        number < workers * 0.3, concat('employer-mid-', toString(intDiv(number - toUInt64(workers * 0.2), greatest(toUInt64(workers * 0.005), 1)))),
        concat('employer-', toString(number % toUInt64(workers * 0.00498)))
    ) AS employer_id,
    concat('https://college.example/stacks/', toString(stack)) AS stack_id,
    UUIDNumToString(MD5(toString(number))) AS worker_id,
    '1' AS stack_version,
    multiIf(done = 8, 'complete', done = 0, 'not_started', 'in_progress') AS status,
    done = 8 AS complete,
    done / 8 AS progress,
    concat('[', arrayStringConcat(arrayMap(k -> concat('{"path":"/all/', toString(k), '","rule":"award","name":null,"need":1.0,"have":0.0,"gap":1.0,"options":["https://college.example/courses/', toString(stack), '-', toString(k), '"],"reason":"Course ', toString(stack), ' part ', toString(k), ' is missing."}'), range(done, 8)), ','), ']') AS missing,
    arrayMap(k -> concat('https://college.example/courses/', toString(stack), '-', toString(k)), range(done, 8)) AS missing_achievements,
    arrayMap(k -> concat('https://college.example/courses/', toString(stack), '-', toString(k)), range(done, least(done + 3, 8))) AS next_steps,
    concat('{', arrayStringConcat(arrayMap(k -> concat('"', if(k % 3 = 2, concat('https://issuer-', toString(stack), '.example/urn:uuid:', UUIDNumToString(MD5(concat('a', toString(cityHash64(number, place, k)))))), concat('lms-', toString(stack % 8), '/completion:https://college.example/courses/', toString(stack), '-', toString(k), ':', UUIDNumToString(MD5(concat('a', toString(cityHash64(number, place, k))))))), '":"/all/', toString(k), '"'), range(done)), ','), '}') AS allocation,
    'exact' AS proof,
    NULL AS next_change_at,
    if(done = 8, now64(6) - toIntervalSecond(chance % (900 * 86400)), NULL) AS completed_at,
    now64(6) - toIntervalSecond(chance % (700 * 86400)) AS as_of,
    {epoch:UInt64} * 1099511627776 + number * 20 + place + 1 AS version,
    0 AS is_deleted
FROM (SELECT number, arrayJoin(range(3)) AS place FROM numbers({first:UInt64}, {count:UInt64}))
