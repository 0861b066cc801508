SELECT
    if(complete = 1, 0, JSONLength(missing)) AS missing_parts,
    count() AS workers
FROM v_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND stack_version = {version:String}
GROUP BY missing_parts
ORDER BY missing_parts
