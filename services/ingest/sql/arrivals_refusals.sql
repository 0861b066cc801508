SELECT
    refusal_id,
    refused_at,
    dialect,
    stage,
    reason,
    pointer,
    detail,
    attempts,
    octets,
    digest,
    is_redriven,
    startsWith(stage, 'kept.') AS is_kept
FROM refusals FINAL
WHERE source = {source:String}
    AND (refused_at, refusal_id) < ({before_at:DateTime64(6, 'UTC')}, {before_id:UUID})
    AND refused_at >= {since:DateTime64(6, 'UTC')}
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({dialect:String} = '' OR dialect = {dialect:String})
    AND ({outcome:String} = '' OR is_kept = ({outcome:String} = 'kept'))
ORDER BY
    refused_at DESC,
    refusal_id DESC
LIMIT {limit:UInt32}
