SELECT
    base64Encode(content),
    content_type,
    etag,
    toUnixTimestamp64Micro(updated)
FROM xapi_documents FINAL
WHERE
    tenant = {tenant:String}
    AND resource = {resource:String}
    AND activity_id = {activity_id:String}
    AND agent = {agent:String}
    AND registration = {registration:String}
    AND document_id = {document_id:String}
    AND is_deleted = 0
