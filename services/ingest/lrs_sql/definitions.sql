SELECT
    tenant,
    activity_id,
    argMax(definition, version)
FROM xapi_activities
WHERE
    tenant IN (SELECT unhex(arrayJoin(splitByChar(',', '$tenants'))))
    AND activity_id IN (SELECT unhex(arrayJoin(splitByChar(',', '$ids'))))
GROUP BY
    tenant,
    activity_id
