SELECT
    toLowCardinality({employer_id:String}) AS employer_id,
    achievement_id,
    argMax(one_name, rank) AS achievement_name
FROM
(
    SELECT
        achievement_id,
        toString(achievement_name) AS one_name,
        1 AS rank
    FROM said_names FINAL
    WHERE employer_id = {employer_id:String}
    UNION ALL
    SELECT
        toLowCardinality(achievement_id) AS achievement_id,
        name AS one_name,
        2 AS rank
    FROM catalog_achievements FINAL
    WHERE name != ''
)
GROUP BY achievement_id
