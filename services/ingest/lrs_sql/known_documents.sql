SELECT
    tenant,
    resource,
    activity_id,
    agent,
    registration,
    document_id,
    argMax(etag, version),
    max(version)
FROM xapi_documents
WHERE
    tenant IN (SELECT unhex(arrayJoin(splitByChar(',', '$tenants'))))
    AND document_id IN (SELECT unhex(arrayJoin(splitByChar(',', '$ids'))))
GROUP BY
    tenant,
    resource,
    activity_id,
    agent,
    registration,
    document_id
