SELECT
    tenant,
    toUnixTimestamp64Micro(stored) AS stored_at,
    statement_id,
    body
FROM xapi_statements FINAL
WHERE
    (tenant, toUnixTimestamp64Micro(stored), statement_id) > ({tenant:String}, {stored_at:Int64}, {statement_id:UUID})
    AND ({source:String} = '' OR tenant = {source:String})
    AND is_voiding = 0
    AND (tenant, statement_id) NOT IN (
        SELECT
            tenant,
            target_id
        FROM xapi_references
        WHERE is_voiding = 1
    )
ORDER BY
    tenant,
    stored_at,
    statement_id
LIMIT {limit:UInt32}
