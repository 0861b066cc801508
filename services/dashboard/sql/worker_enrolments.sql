SELECT
    stack_id,
    argMax(stack_version, (enrolled_at, record_id)) AS stack_version,
    max(enrolled_at) AS newest_at
FROM v_enrolments
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String} AND enrolled_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY stack_id
ORDER BY stack_id
