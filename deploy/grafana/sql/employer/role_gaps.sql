SELECT
    role,
    skill,
    workers,
    holders,
    verified,
    toInt64(workers) - toInt64(holders) AS lacking
FROM v_role_gaps
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    lacking DESC,
    role,
    skill
LIMIT 200
