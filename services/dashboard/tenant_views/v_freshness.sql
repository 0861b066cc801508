SELECT
    employer_id,
    max(as_of) AS evaluated_at,
    count() AS evaluations
FROM v_standing
GROUP BY employer_id
