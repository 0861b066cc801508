SELECT
    issuer_id,
    award_id,
    argMaxIf(evidence, stated_at, evidence != '') AS original,
    argMaxIf(answers, (is_forgery = 0, stated_at), answers != '') AS newest_answers,
    argMaxIf(stated_at, (is_forgery = 0, stated_at), answers != '') AS checked_at,
    argMaxIf(dialect, stated_at, kind != 'verification') AS form,
    min(received_at) AS first_received_at,
    countIf(kind != 'verification') AS statements
FROM (
    SELECT
        *,
        JSONExtractRaw(answers, 'proof', 'answer') = 'false'
            AND JSONExtractString(answers, 'proof', 'code') != 'unsigned' AS is_forgery
    FROM v_evidence
    WHERE employer_id = {employer_id:String}
        AND worker_id = {worker_id:String}
        AND stated_at <= {as_of:DateTime64(6, 'UTC')}
)
GROUP BY
    issuer_id,
    award_id
