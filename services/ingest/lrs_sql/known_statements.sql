SELECT
    tenant,
    statement_id,
    argMin(toUnixTimestamp64Micro(stored), version),
    argMin(toUnixTimestamp64Micro(timestamp), version),
    argMin(hex(digest), version),
    min(version)
FROM xapi_statement_ids
WHERE
    tenant IN (SELECT unhex(arrayJoin(splitByChar(',', '$tenants'))))
    AND statement_id IN (SELECT toUUID(arrayJoin(splitByChar(',', '$ids'))))
GROUP BY
    tenant,
    statement_id
