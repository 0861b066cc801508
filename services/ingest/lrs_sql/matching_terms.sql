SELECT
    statement_id,
    toUnixTimestamp64Micro(stored)
FROM xapi_statements
WHERE
    tenant = {tenant:String}
    AND stored IN (
        SELECT stored
        FROM xapi_terms
        WHERE
            tenant = {tenant:String}
            AND term = {term:UInt64}
            AND stored > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
            AND stored <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')
    )
    AND hasAll(terms, {others:Array(UInt64)})
ORDER BY stored $order
LIMIT {limit:UInt32}
