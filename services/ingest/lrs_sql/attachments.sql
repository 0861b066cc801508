SELECT
    sha2,
    content_type,
    base64Encode(content)
FROM xapi_attachments
WHERE
    tenant = {tenant:String}
    AND sha2 IN (SELECT unhex(arrayJoin(splitByChar(',', '$ids'))))
ORDER BY version
LIMIT 1 BY sha2
