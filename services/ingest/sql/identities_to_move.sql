SELECT
    kind,
    worker_id,
    sealed,
    key_id,
    source,
    seen_at
FROM identities FINAL
WHERE key_id != {key_id:String}
    AND (kind, worker_id) > ({kind:String}, {worker_id:String})
ORDER BY
    kind,
    worker_id
LIMIT {limit:UInt32}
