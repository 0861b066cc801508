SELECT
    worker_id,
    stack_id,
    stack_title,
    progress,
    arrayMap(
        part -> arraySlice(JSONExtract(part, 'options', 'Array(String)'), 1, toUInt32(ceil(JSONExtractFloat(part, 'gap')))),
        parts
    ) AS wanted,
    arrayFlatten(wanted) AS would_do,
    toUInt32(arraySum(part -> ceil(JSONExtractFloat(part, 'gap')), parts)) AS awards,
    count() OVER () AS total
FROM
(
    SELECT
        worker_id,
        stack_id,
        stack_title,
        progress,
        JSONExtractArrayRaw(missing) AS parts
    FROM v_progress
    WHERE employer_id = {employer_id:String} AND complete = 0 AND JSONLength(missing) BETWEEN 1 AND {most_parts:UInt8}
)
WHERE arrayAll(
    part -> JSONExtractString(part, 'rule') IN ('award', 'count', 'any', 'n_of')
        AND length(JSONExtract(part, 'options', 'Array(String)')) >= ceil(JSONExtractFloat(part, 'gap')),
    parts
)
ORDER BY
    awards,
    progress DESC,
    worker_id,
    stack_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
