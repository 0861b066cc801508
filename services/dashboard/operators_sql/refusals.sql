SELECT
    source,
    dialect,
    reason,
    count() AS refused,
    countIf(is_redriven = 0) AS still_refused,
    max(refused_at) AS latest_at,
    min(refused_at) AS first_at,
    topK(3)(pointer) AS pointers,
    argMax(detail, refused_at) AS detail,
    argMax(place, refused_at) AS place,
    max(attempts) AS most_attempts,
    groupUniqArray(stage) AS stages
FROM refusals FINAL
WHERE refused_at >= {since:DateTime64(6, 'UTC')}
    AND ({source:String} = '' OR source = {source:String})
    AND ({reason:String} = '' OR reason = {reason:String})
GROUP BY
    source,
    dialect,
    reason
ORDER BY
    still_refused DESC,
    latest_at DESC
LIMIT 500
