SELECT
    body,
    toUnixTimestamp64Micro(stored),
    is_voiding = 0 AND statement_id IN (
        SELECT target_id
        FROM xapi_references
        WHERE tenant = {tenant:String} AND target_id = {statement_id:UUID} AND is_voiding = 1
    ) AS is_voided
FROM xapi_statements
WHERE
    tenant = {tenant:String}
    AND statement_id = {statement_id:UUID}
    AND stored IN (
        SELECT stored
        FROM xapi_statement_ids
        WHERE tenant = {tenant:String} AND statement_id = {statement_id:UUID}
    )
ORDER BY version
LIMIT 1
