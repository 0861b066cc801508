SELECT
    record_id,
    received_at,
    kind,
    dialect,
    worker_id,
    achievement_id,
    issuer_id,
    award_id,
    occurred_at
FROM records
WHERE source = {source:String}
    AND (received_at, record_id) < ({before_at:DateTime64(6, 'UTC')}, {before_id:UUID})
    AND received_at >= {since:DateTime64(6, 'UTC')}
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({dialect:String} = '' OR dialect = {dialect:String})
ORDER BY
    received_at DESC,
    record_id DESC
LIMIT 1 BY record_id
LIMIT {limit:UInt32}
