SELECT
    if(complete = 1, 10, least(toUInt8(floor(progress * 10)), 9)) AS tenth,
    count() AS workers
FROM
(
    SELECT
        worker_id,
        argMax(complete, (as_of, version)) AS complete,
        argMax(progress, (as_of, version)) AS progress
    FROM v_progress_history
    WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND as_of <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY worker_id
    HAVING argMax(is_gone, (as_of, version)) = 0
)
GROUP BY tenth
ORDER BY tenth
