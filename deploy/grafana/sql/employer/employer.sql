SELECT
    employer_id AS __value,
    name AS __text
FROM v_employers
ORDER BY name
