INSERT INTO records (record_id, worker_id, kind, achievement_id, issuer_id, award_id, occurred_at, received_at, source, dialect, body, version)
WITH
    cityHash64(number, record) AS chance,
    (number * 7 + (record % 3) * 13) % 40 AS stack,
    (intDiv(record, 3) + number) % 8 AS part
SELECT
    reinterpretAsUUID(MD5(concat('r', toString(chance)))) AS record_id,
    UUIDNumToString(MD5(toString(number))) AS worker_id,
    multiIf(record = 0, 'employment', record < 3, 'enrolment', record % 3 = 2, 'award', 'completion') AS kind,
    if(kind IN ('award', 'completion'), concat('https://college.example/courses/', toString(stack), '-', toString(part)), '') AS achievement_id,
    if(kind = 'award', concat('https://issuer-', toString(stack), '.example'), '') AS issuer_id,
    if(kind = 'award', concat('urn:uuid:', toString(record_id)), '') AS award_id,
    now64(6) - toIntervalSecond(chance % (1500 * 86400)) AS occurred_at,
    occurred_at + toIntervalSecond(chance % 600) AS received_at,
    concat('lms-', toString(stack % 8)) AS source,
    if(chance % 3 = 0, 'xapi', 'native') AS dialect,
    concat('{"kind":"', kind, '","record_id":"', toString(record_id), '","worker_id":"', worker_id, '","source":"', source, '","occurred_at":"', toString(occurred_at), '","received_at":"', toString(received_at), '","achievement":{"id":"', achievement_id, '"},"score":{"scaled":0.', toString(chance % 100), '},"stack_id":"https://college.example/stacks/', toString(stack), '"}') AS body,
    {epoch:UInt64} * 1099511627776 + number * 20 + record + 1 AS version
FROM (SELECT number, arrayJoin(range(20)) AS record FROM numbers({first:UInt64}, {count:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
