SELECT DISTINCT
    statement_id,
    target_id
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND statement_id IN ($ids)
