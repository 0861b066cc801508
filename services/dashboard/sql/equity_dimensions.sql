SELECT dimension
FROM v_group_dimensions
WHERE employer_id = {employer_id:String}
ORDER BY dimension
