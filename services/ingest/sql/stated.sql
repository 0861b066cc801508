SELECT DISTINCT
    JSONExtractRaw(body, 'account') AS account,
    JSONExtractString(body, 'evidence') AS evidence
FROM records FINAL
WHERE worker_id IN {workers:Array(String)}
    AND kind NOT IN ('link', 'erasure')
    AND occurred_at <= {until:DateTime64(6, 'UTC')}
