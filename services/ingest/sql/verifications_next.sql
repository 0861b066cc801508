SELECT
    digest,
    record_id,
    record,
    asked
FROM verifications FINAL
WHERE (digest, record_id) > ({digest:String}, {record_id:UUID})
    AND record != ''
ORDER BY
    digest,
    record_id
LIMIT {most:UInt32}
