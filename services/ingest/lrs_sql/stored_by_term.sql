SELECT toUnixTimestamp64Micro(stored)
FROM xapi_terms
WHERE
    tenant = {tenant:String}
    AND term = {term:UInt64}
    AND stored > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
    AND stored <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')
    AND statement_id NOT IN (
        SELECT target_id
        FROM xapi_references
        WHERE
            tenant = {tenant:String}
            AND is_voiding = 1
            AND target_id NOT IN (
                SELECT statement_id
                FROM xapi_references
                WHERE tenant = {tenant:String} AND is_voiding = 1
            )
    )
ORDER BY stored $order
LIMIT 1 BY stored
LIMIT {limit:UInt32}
