SELECT
    statement_id,
    toUnixTimestamp64Micro(stored)
FROM xapi_statements
WHERE
    tenant = {tenant:String}
    AND stored > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
    AND stored <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')
ORDER BY stored $order
LIMIT {limit:UInt32}
