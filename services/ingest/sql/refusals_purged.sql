INSERT INTO refusals
SELECT * REPLACE ('' AS detail, '' AS digest, 1 AS is_deleted, version + 2 AS version)
FROM refusals FINAL
WHERE refusal_id IN {ids:Array(UUID)}
