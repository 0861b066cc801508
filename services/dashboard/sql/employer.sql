SELECT name
FROM v_employers
WHERE employer_id = {employer_id:String}
LIMIT 1
