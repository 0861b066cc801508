SELECT DISTINCT dimension
FROM v_group_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
ORDER BY dimension
