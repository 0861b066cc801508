SELECT
    employer_id,
    source,
    uniqExact(person) AS workers,
    count() AS awards,
    maxIf(valid_from, valid_from <= now64(6)) AS newest_at
FROM v_held
GROUP BY
    employer_id,
    source
