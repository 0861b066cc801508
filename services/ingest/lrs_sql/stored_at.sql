SELECT
    body,
    toUnixTimestamp64Micro(stored)
FROM xapi_statements
WHERE
    tenant = {tenant:String}
    AND stored IN ($instants)
