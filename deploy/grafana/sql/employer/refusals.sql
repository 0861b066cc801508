SELECT
    source,
    reason,
    stage,
    refusals_24h,
    refusals_30d,
    newest_at
FROM v_refusals
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    refusals_24h DESC,
    source,
    reason
