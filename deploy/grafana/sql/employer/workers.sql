SELECT count() AS workers
FROM v_workers
WHERE employer_id = ${employer:sqlstring}
