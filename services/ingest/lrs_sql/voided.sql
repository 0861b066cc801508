SELECT DISTINCT target_id
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND is_voiding = 1
    AND target_id IN ($ids)
