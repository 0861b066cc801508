SELECT 1
FROM xapi_references
WHERE tenant = {tenant:String}
LIMIT 1
