SELECT
    path,
    countIf(is_unmet = 0) AS met,
    count() AS workers
FROM
(
    SELECT
        arrayJoin({paths:Array(String)}) AS path,
        arrayExists(
            one -> arrayExists(part -> startsWith(concat(part, '/'), concat(one, '/')), unmet),
            splitByChar('\n', path)
        ) AS is_unmet
    FROM
    (
        SELECT arrayMap(part -> JSONExtractString(part, 'path'), JSONExtractArrayRaw(missing)) AS unmet
        FROM v_progress
        WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND stack_version = {version:String}
    )
)
GROUP BY path
