SELECT
    evaluated_at,
    evaluations
FROM v_freshness
WHERE employer_id = {employer_id:String}
