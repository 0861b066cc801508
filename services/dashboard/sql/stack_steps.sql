SELECT
    if(complete = 1, 10, least(toUInt8(floor(progress * 10)), 9)) AS tenth,
    count() AS workers
FROM v_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
GROUP BY tenth
ORDER BY tenth
