SELECT
    w.worker_id AS worker_id,
    w.since AS since,
    a.credentials AS credentials,
    p.in_progress AS in_progress,
    p.complete AS complete,
    p.closest_stack_id AS closest_stack_id,
    p.closest_stack_title AS closest_stack_title,
    p.closest_progress AS closest_progress,
    a.next_expiry_at AS next_expiry_at,
    count() OVER () AS total
FROM
(
    SELECT
        worker_id,
        since
    FROM v_workers
    WHERE employer_id = {employer_id:String}
) AS w
LEFT JOIN
(
    SELECT
        worker_id,
        countIf(is_verified) AS credentials,
        max(is_found) AS is_found,
        minIf(ends_at, NOT is_lasting) AS next_expiry_at
    FROM
    (
        SELECT
            worker_id,
            max(trust) > 1 AS is_verified,
            max(positionCaseInsensitiveUTF8(achievement_name, {search:String})) > 0 AS is_found,
            max(valid_until) AS ends_at,
            countIf(valid_until IS NULL) > 0 AS is_lasting
        FROM v_awards
        WHERE employer_id = {employer_id:String}
            AND valid_from <= {as_of:DateTime64(6, 'UTC')}
            AND ifNull(valid_until > {as_of:DateTime64(6, 'UTC')}, 1)
            AND ifNull(revoked_at > {as_of:DateTime64(6, 'UTC')}, 1)
        GROUP BY
            worker_id,
            achievement_id
    )
    GROUP BY worker_id
) AS a ON a.worker_id = w.worker_id
LEFT JOIN
(
    SELECT
        worker_id,
        countIf(status = 'in_progress') AS in_progress,
        countIf(complete = 1) AS complete,
        maxIf(progress, status = 'in_progress') AS closest_progress,
        argMaxIf(stack_id, progress, status = 'in_progress') AS closest_stack_id,
        argMaxIf(stack_title, progress, status = 'in_progress') AS closest_stack_title
    FROM v_progress
    WHERE employer_id = {employer_id:String}
    GROUP BY worker_id
) AS p ON p.worker_id = w.worker_id
WHERE {search:String} = '' OR positionCaseInsensitiveUTF8(w.worker_id, {search:String}) > 0 OR a.is_found
ORDER BY
    if({sort:String} = 'credentials', credentials, 0) DESC,
    if({sort:String} = 'closest', closest_progress, 0) DESC,
    if({sort:String} = 'expiry', next_expiry_at, NULL) ASC NULLS LAST,
    worker_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
