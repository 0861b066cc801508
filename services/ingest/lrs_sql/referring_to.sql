SELECT DISTINCT
    statement_id,
    toUnixTimestamp64Micro(stored)
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND target_id IN ($ids)
