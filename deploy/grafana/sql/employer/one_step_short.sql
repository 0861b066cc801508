SELECT
    worker_id AS worker,
    stack_id AS stack,
    progress,
    arrayStringConcat(finish_with, '; ') AS would_do,
    newest_at
FROM v_one_step_short
WHERE employer_id = ${employer:sqlstring}
ORDER BY
    newest_at,
    worker,
    stack
LIMIT 100
