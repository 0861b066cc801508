SELECT
    issuer_id,
    award_id
FROM v_evidence
WHERE employer_id = {employer_id:String}
    AND worker_id = {worker_id:String}
    AND evidence = {digest:String}
LIMIT 1
