-- identity() keeps the set out of the choice of granules, which takes longer with it than reading them.
SELECT DISTINCT statement_id
FROM xapi_terms
WHERE
    tenant = {tenant:String}
    AND term = {term:UInt64}
    AND identity(statement_id) IN (SELECT target_id FROM xapi_references WHERE tenant = {tenant:String})
