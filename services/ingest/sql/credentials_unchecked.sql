SELECT
    digest,
    content,
    media_type,
    source,
    received_at
FROM credentials FINAL
WHERE received_at < {before:DateTime64(6, 'UTC')}
    AND digest NOT IN (SELECT digest FROM verifications)
ORDER BY
    digest,
    source
LIMIT {most:UInt32}
