SELECT
    digest,
    content,
    media_type,
    source,
    received_at
FROM credentials FINAL
WHERE digest IN {digests:Array(String)}
ORDER BY
    digest,
    source
