SELECT
    if(last.1 = 'complete', 10, least(toUInt8(floor(last.2 * 10)), 9)) AS tenth,
    count() AS workers
FROM
(
    SELECT
        person,
        argMax((status, progress, is_gone), (as_of, version)) AS last
    FROM v_standing_history
    WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND as_of <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY person
    HAVING last.3 = 0
)
GROUP BY tenth
ORDER BY tenth
