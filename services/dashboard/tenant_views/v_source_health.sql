SELECT
    s.employer_id AS employer_id,
    s.source AS source,
    s.workers AS workers,
    s.awards AS awards,
    s.newest_at AS newest_at,
    CAST(d.stored_latest, 'Nullable(DateTime64(6, \'UTC\'))') AS stored_latest,
    d.statements_24h AS statements_24h,
    d.statements_30d AS statements_30d,
    r.record_latest AS record_latest,
    r.seconds[1] AS end_to_end_p50_seconds,
    r.seconds[2] AS end_to_end_p95_seconds,
    if(r.record_latest IS NULL, NULL, dateDiff('millisecond', assumeNotNull(r.record_latest), now64(6)) / 1000) AS silent_seconds
FROM v_sources AS s
LEFT JOIN
(
    SELECT
        source,
        max(stored_latest) AS stored_latest,
        uniqCombined64MergeIf(awards, day >= toDate(now64(6)) - 1) AS statements_24h,
        uniqCombined64MergeIf(awards, day >= toDate(now64(6)) - 29) AS statements_30d
    FROM statements_daily
    WHERE employer_id = {employer_id:String}
    GROUP BY source
) AS d ON s.source = d.source
LEFT JOIN
(
    SELECT
        source,
        toNullable(max(received_latest)) AS record_latest,
        arrayMap(one -> toNullable(toFloat64(one)), quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)) AS seconds
    FROM arrivals
    WHERE hour >= toStartOfHour(now()) - toIntervalDay(7)
    GROUP BY source
) AS r ON s.source = r.source
