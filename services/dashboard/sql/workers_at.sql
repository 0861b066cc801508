SELECT
    w.worker_id AS worker_id,
    w.since AS since,
    a.credentials AS credentials,
    p.in_progress AS in_progress,
    p.complete AS complete,
    p.closest_stack_id AS closest_stack_id,
    if(t.stack_title = '', p.closest_stack_id, t.stack_title) AS closest_stack_title,
    p.closest_progress AS closest_progress,
    a.next_expiry_at AS next_expiry_at,
    w.workers AS total
FROM
(
    SELECT
        worker_id,
        since,
        person,
        count() OVER () AS workers
    FROM
    (
        SELECT
            worker_id,
            since,
            cityHash64(toString(employer_id), worker_id) AS person
        FROM v_workers
        WHERE employer_id = {employer_id:String}
    )
    WHERE multiIf(
        {search:String} = '', 1,
        positionCaseInsensitiveUTF8(worker_id, {search:String}) > 0, 1,
        person IN
        (
            SELECT person
            FROM v_held
            WHERE employer_id = {employer_id:String}
                AND {search:String} != ''
                AND valid_from <= {as_of:DateTime64(6, 'UTC')}
                AND valid_until > {as_of:DateTime64(6, 'UTC')}
                AND revoked_at > {as_of:DateTime64(6, 'UTC')}
                AND if(
                    positionCaseInsensitiveUTF8(achievement_id, {search:String}) > 0,
                    1,
                    achievement_id IN
                    (
                        SELECT achievement_id
                        FROM v_names
                        WHERE employer_id = {employer_id:String}
                            AND positionCaseInsensitiveUTF8(achievement_name, {search:String}) > 0
                    )
                )
        )
    )
    ORDER BY worker_id
    LIMIT if({sort:String} = 'worker', {limit:UInt64}, 1000000000)
    OFFSET if({sort:String} = 'worker', {offset:UInt64}, 0)
) AS w
LEFT JOIN
(
    SELECT
        holder AS person,
        countIf(is_verified) AS credentials,
        minOrNullIf(ends_at, ends_at < toDateTime64('2299-12-31 00:00:00', 6, 'UTC')) AS next_expiry_at
    FROM
    (
        SELECT
            any(person) AS holder,
            max(trust) > 1 AS is_verified,
            max(valid_until) AS ends_at
        FROM v_held
        WHERE employer_id = {employer_id:String}
            AND valid_from <= {as_of:DateTime64(6, 'UTC')}
            AND valid_until > {as_of:DateTime64(6, 'UTC')}
            AND revoked_at > {as_of:DateTime64(6, 'UTC')}
            AND if(
                {sort:String} = 'worker' AND {search:String} = '',
                person IN
                (
                    SELECT cityHash64(toString(employer_id), worker_id) AS person
                    FROM v_workers
                    WHERE employer_id = {employer_id:String}
                    ORDER BY worker_id
                    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
                ),
                1
            )
        GROUP BY pair
    )
    GROUP BY holder
) AS a ON a.person = w.person
LEFT JOIN
(
    SELECT
        whom AS person,
        countIf(last_status = 'in_progress') AS in_progress,
        countIf(last_status = 'complete') AS complete,
        maxIf(last_progress, last_status = 'in_progress') AS closest_progress,
        argMaxIf(toString(last_stack), (last_progress, toString(last_stack)), last_status = 'in_progress') AS closest_stack_id
    FROM
    (
        SELECT
            any(person) AS whom,
            any(stack_id) AS last_stack,
            argMax((status, progress, is_gone), (as_of, version)) AS last,
            last.1 AS last_status,
            last.2 AS last_progress
        FROM v_standing_history
        WHERE employer_id = {employer_id:String}
            AND as_of <= {as_of:DateTime64(6, 'UTC')}
            AND if(
                {sort:String} = 'worker' AND {search:String} = '',
                person IN
                (
                    SELECT cityHash64(toString(employer_id), worker_id) AS person
                    FROM v_workers
                    WHERE employer_id = {employer_id:String}
                    ORDER BY worker_id
                    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
                ),
                1
            )
        GROUP BY cityHash64(person, toString(stack_id))
        HAVING last.3 = 0
    )
    GROUP BY whom
) AS p ON p.person = w.person
LEFT ANY JOIN
(
    SELECT
        toString(stack_id) AS stack_id,
        stack_title
    FROM v_stacks
    WHERE employer_id = {employer_id:String}
) AS t ON t.stack_id = p.closest_stack_id
ORDER BY
    if({sort:String} = 'credentials', credentials, 0) DESC,
    if({sort:String} = 'closest', closest_progress, 0) DESC,
    if({sort:String} = 'expiry', next_expiry_at, NULL) ASC NULLS LAST,
    worker_id
LIMIT {limit:UInt64} OFFSET if({sort:String} = 'worker', 0, {offset:UInt64})
