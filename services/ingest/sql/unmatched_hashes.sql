SELECT
    worker_id,
    sealed
FROM identities FINAL
WHERE kind = {kind:String}
    AND worker_id NOT IN (SELECT hash_worker_id FROM identity_matches)
