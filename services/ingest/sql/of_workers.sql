SELECT
    kind,
    worker_id,
    sealed
FROM identities FINAL
WHERE worker_id IN {workers:Array(String)}
    AND seen_at <= {until:DateTime64(6, 'UTC')}
