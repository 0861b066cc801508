SELECT
    hour AS time,
    reason,
    sum(refusals) AS refused
FROM ops_refusals
WHERE $__timeFilter(hour)
GROUP BY
    time,
    reason
ORDER BY
    time,
    reason
