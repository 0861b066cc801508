SELECT
    document_id,
    registration,
    etag,
    toUnixTimestamp64Micro(updated)
FROM xapi_documents FINAL
WHERE
    tenant = {tenant:String}
    AND resource = {resource:String}
    AND activity_id = {activity_id:String}
    AND agent = {agent:String}
    AND ({any_registration:UInt8} = 1 OR registration = {registration:String})
    AND updated > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
    AND is_deleted = 0
ORDER BY
    document_id,
    registration
