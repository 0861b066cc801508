SELECT
    stack_version,
    count() AS workers
FROM v_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
GROUP BY stack_version
ORDER BY
    workers DESC,
    stack_version DESC
