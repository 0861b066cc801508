statement_id IN
(
    SELECT statement_id
    FROM xapi_statements
    WHERE hasAny(terms, {terms:Array(UInt64)})
        AND stored <= {until:DateTime64(6, 'UTC')}
)
