SELECT
    source,
    workers,
    awards,
    newest_at
FROM v_sources
WHERE employer_id = {employer_id:String}
ORDER BY
    awards DESC,
    source
