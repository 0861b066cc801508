SELECT
    worker_id,
    sealed
FROM identities FINAL
WHERE kind = {kind:String}
