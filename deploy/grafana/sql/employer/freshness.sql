SELECT dateDiff('second', evaluated_at, now64(6)) AS seconds
FROM v_freshness
WHERE employer_id = ${employer:sqlstring}
