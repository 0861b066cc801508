SELECT
    stack_id,
    type,
    rule,
    achievement_id,
    argMax(tuple(minimum), (decided_at, record_id)).1 AS minimum,
    argMax(decided_by, (decided_at, record_id)) AS decided_by,
    argMax(why, (decided_at, record_id)) AS why,
    max(decided_at) AS newest_at
FROM v_exceptions
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String} AND decided_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY
    stack_id,
    type,
    rule,
    achievement_id
HAVING argMax(is_withdrawn, (decided_at, record_id)) = 0
ORDER BY
    stack_id,
    type,
    rule,
    achievement_id
