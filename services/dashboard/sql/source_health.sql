SELECT
    source,
    workers,
    awards,
    newest_at,
    stored_latest,
    statements_24h,
    statements_30d,
    record_latest,
    end_to_end_p50_seconds,
    end_to_end_p95_seconds,
    silent_seconds
FROM v_source_health
WHERE employer_id = {employer_id:String}
ORDER BY
    awards DESC,
    source
