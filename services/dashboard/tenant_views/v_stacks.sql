SELECT
    toLowCardinality({employer_id:String}) AS employer_id,
    toLowCardinality(stack_id) AS stack_id,
    if(title != '', title, stack_id) AS stack_title,
    versions,
    awards,
    level
FROM
(
    SELECT
        stack_id,
        argMax(title, (version, stack_version)) AS title,
        uniqExact(stack_version) AS versions,
        argMax(awards, (version, stack_version)) AS awards,
        argMax(toString(level), (version, stack_version)) AS level
    FROM catalog_stacks FINAL
    GROUP BY stack_id
)
