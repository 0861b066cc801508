SELECT
    hour AS time,
    source,
    records
FROM ops_arrivals
WHERE $__timeFilter(hour)
ORDER BY
    time,
    source
