INSERT INTO employers (employer_id, name, version, is_deleted)
SELECT DISTINCT
    employer_id,
    concat('Employer ', employer_id) AS name,
    1 AS version,
    0 AS is_deleted
FROM employments
