SELECT
    hour AS time,
    source,
    end_to_end_p95_seconds AS seconds
FROM ops_arrivals
WHERE $__timeFilter(hour)
ORDER BY
    time,
    source
