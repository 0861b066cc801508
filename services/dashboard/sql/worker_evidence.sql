SELECT
    issuer_id,
    award_id,
    argMaxIf(evidence, stated_at, evidence != '') AS original,
    argMaxIf(answers, stated_at, answers != '') AS newest_answers,
    maxIf(stated_at, answers != '') AS checked_at,
    argMax(dialect, stated_at) AS form,
    min(received_at) AS first_received_at,
    count() AS statements
FROM v_evidence
WHERE employer_id = {employer_id:String} AND worker_id = {worker_id:String} AND stated_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY
    issuer_id,
    award_id
