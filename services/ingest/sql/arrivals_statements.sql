SELECT
    statement_id,
    stored
FROM xapi_statements
WHERE tenant = {source:String}
    AND (stored, statement_id) < ({before_at:DateTime64(6, 'UTC')}, {before_id:UUID})
    AND stored >= {since:DateTime64(6, 'UTC')}
ORDER BY
    stored DESC,
    statement_id DESC
LIMIT 1 BY statement_id
LIMIT {limit:UInt32}
