SELECT
    s.worker_id AS worker_id,
    s.stack_id AS stack_id,
    if(t.stack_title = '', s.stack_id, t.stack_title) AS stack_title,
    s.progress AS progress,
    s.would_do AS would_do,
    s.awards AS awards,
    s.total AS total
FROM
(
    SELECT
        worker_id,
        toString(stack_id) AS stack_id,
        progress,
        arraySlice(finish_with, 1, awards_to_finish) AS would_do,
        awards_to_finish AS awards,
        count() OVER () AS total
    FROM v_standing
    WHERE employer_id = {employer_id:String} AND notEmpty(finish_with)
    ORDER BY
        awards_to_finish,
        progress DESC,
        worker_id,
        stack_id
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
) AS s
LEFT ANY JOIN
(
    SELECT
        toString(stack_id) AS stack_id,
        stack_title
    FROM v_stacks
    WHERE employer_id = {employer_id:String}
) AS t ON t.stack_id = s.stack_id
ORDER BY
    awards,
    progress DESC,
    worker_id,
    stack_id
