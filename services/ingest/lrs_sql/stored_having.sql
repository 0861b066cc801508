SELECT DISTINCT toUnixTimestamp64Micro(stored)
FROM xapi_terms
WHERE
    tenant = {tenant:String}
    AND term = {term:UInt64}
    AND stored IN ($instants)
