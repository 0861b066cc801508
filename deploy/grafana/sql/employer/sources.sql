SELECT
    source,
    workers,
    awards,
    record_latest,
    silent_seconds,
    statements_24h,
    statements_30d,
    end_to_end_p95_seconds
FROM v_source_health
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    awards DESC,
    source
