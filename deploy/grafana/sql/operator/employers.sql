SELECT
    employer_id AS employer,
    workers,
    evaluations,
    evaluated_at
FROM ops_employers
ORDER BY
    workers DESC,
    employer
LIMIT 200
