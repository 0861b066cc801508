SELECT DISTINCT statement_id
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND is_voiding = 1
    AND statement_id IN ($ids)
