SELECT
    source,
    records_24h,
    records_7d,
    received_latest,
    stored_latest,
    end_to_end_p50_seconds,
    end_to_end_p95_seconds,
    end_to_end_p99_seconds
FROM ops_sources
ORDER BY
    records_7d DESC,
    source
