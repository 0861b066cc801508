SELECT
    source,
    reason,
    stage,
    refusals_24h,
    refusals_30d,
    newest_at
FROM v_refusals
WHERE employer_id = {employer_id:String}
ORDER BY
    refusals_30d DESC,
    source,
    reason,
    stage
