SELECT DISTINCT
    statement_id,
    target_id,
    toUnixTimestamp64Micro(stored)
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND stored > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
    AND stored <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')
LIMIT {limit:UInt32}
