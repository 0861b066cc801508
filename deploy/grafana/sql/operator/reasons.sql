SELECT
    source,
    stage,
    reason,
    sum(refusals) AS refused,
    sum(redriven) AS taken_in_since,
    max(hour) AS newest_hour
FROM ops_refusals
WHERE $__timeFilter(hour)
GROUP BY
    source,
    stage,
    reason
ORDER BY
    refused DESC,
    source,
    reason
