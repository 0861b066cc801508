SELECT DISTINCT
    statement_id,
    toUnixTimestamp64Micro(stored)
FROM xapi_references
WHERE
    tenant = {tenant:String}
    AND target_id IN (
        SELECT statement_id
        FROM xapi_statements
        WHERE
            tenant = {tenant:String}
            AND stored IN (
                SELECT stored
                FROM xapi_terms
                WHERE
                    tenant = {tenant:String}
                    AND term = {term:UInt64}
                    AND statement_id IN (SELECT target_id FROM xapi_references WHERE tenant = {tenant:String})
            )
            AND hasAll(terms, {others:Array(UInt64)})
    )
