INSERT INTO catalog_stacks (stack_id, stack_version, title, awards, level, document, version, is_deleted)
SELECT
    concat('https://college.example/stacks/', toString(number)) AS stack_id,
    '1' AS stack_version,
    concat('Certificate ', toString(number)) AS title,
    '' AS awards,
    '' AS level,
    concat('{"id":"', stack_id, '","title":"', title, '","requires":{"all":[', arrayStringConcat(arrayMap(k -> concat('{"award":{"id":"https://college.example/courses/', toString(number), '-', toString(k), '"}}'), range(8)), ','), ']}}') AS document,
    1 AS version,
    0 AS is_deleted
FROM numbers(40)
