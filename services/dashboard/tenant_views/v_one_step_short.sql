SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    s.progress AS progress,
    toLowCardinality(s.rule_path) AS rule_path,
    s.next_steps AS next_steps,
    h.newest_at AS newest_at,
    s.finish_with AS finish_with
FROM
(
    SELECT
        person,
        max(valid_from) AS newest_at
    FROM held FINAL
    WHERE employer_id = {employer_id:String} AND valid_from <= now64(6)
    GROUP BY person
) AS h
INNER JOIN
(
    SELECT
        employer_id,
        stack_id,
        worker_id,
        person,
        progress,
        missing_paths[1] AS rule_path,
        next_steps,
        finish_with
    FROM v_standing
    WHERE progress > 0 AND awards_to_finish = 1
) AS s ON h.person = s.person
