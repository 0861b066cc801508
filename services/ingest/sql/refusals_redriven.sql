INSERT INTO refusals
SELECT * REPLACE (1 AS is_redriven, version + 1 AS version)
FROM
(
    SELECT *
    FROM refusals FINAL
    WHERE place IN {places:Array(String)}
        AND is_redriven = 0
)
