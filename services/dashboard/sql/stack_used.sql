SELECT
    path,
    uniqExact(worker_id) AS workers
FROM
(
    SELECT
        arrayJoin({paths:Array(String)}) AS path,
        worker_id,
        rule_path
    FROM v_allocations
    WHERE employer_id = {employer_id:String}
        AND stack_id = {stack_id:String}
        AND worker_id IN
        (
            SELECT worker_id
            FROM v_progress
            WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND stack_version = {version:String}
        )
)
WHERE startsWith(concat(rule_path, '/'), concat(path, '/'))
GROUP BY path
