SELECT is_applied
FROM xapi_outcomes
WHERE tenant = {tenant:String} AND frame_id = {frame_id:UUID}
LIMIT 1
