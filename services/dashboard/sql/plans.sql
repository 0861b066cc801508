SELECT
    s.worker_id AS worker_id,
    s.stack_id AS stack_id,
    p.stack_title AS stack_title,
    s.progress AS progress,
    arrayMap(
        part -> arraySlice(JSONExtract(part, 'options', 'Array(String)'), 1, toUInt32(ceil(JSONExtractFloat(part, 'gap')))),
        JSONExtractArrayRaw(p.missing)
    ) AS wanted,
    arrayFlatten(wanted) AS would_do,
    toUInt32(s.awards_to_finish) AS awards,
    s.total AS total
FROM
(
    SELECT
        stack_id,
        worker_id,
        stack_title,
        missing
    FROM v_progress
    WHERE employer_id = {employer_id:String}
) AS p
INNER JOIN
(
    SELECT
        stack_id,
        worker_id,
        progress,
        awards_to_finish,
        count() OVER () AS total
    FROM v_standing
    WHERE employer_id = {employer_id:String}
        AND complete = 0
        AND awards_to_finish > 0
        AND length(missing_paths) <= {most_parts:UInt8}
    ORDER BY
        awards_to_finish,
        progress DESC,
        worker_id,
        stack_id
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
) AS s ON p.stack_id = s.stack_id AND p.worker_id = s.worker_id
ORDER BY
    awards,
    progress DESC,
    worker_id,
    stack_id
