SELECT
    toYear(began_at) AS cohort,
    toUInt32(greatest(dateDiff('day', began_at, if(is_done, done_at, {as_of:DateTime64(6, 'UTC')})), 0)) AS days,
    countIf(is_done) AS completed,
    countIf(NOT is_done) AS waiting
FROM
(
    SELECT
        u.worker_id AS worker_id,
        min(a.valid_from) AS began_at,
        any(p.finished_at) AS done_at,
        done_at > toDateTime64(0, 6, 'UTC') AS is_done
    FROM
    (
        SELECT
            worker_id,
            award_key
        FROM v_allocations
        WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
    ) AS u
    INNER JOIN
    (
        SELECT
            worker_id,
            concat(issuer_id, '/', award_id) AS award_key,
            valid_from
        FROM v_awards
        WHERE employer_id = {employer_id:String} AND valid_from <= {as_of:DateTime64(6, 'UTC')}
    ) AS a ON u.worker_id = a.worker_id AND u.award_key = a.award_key
    INNER JOIN
    (
        SELECT
            worker_id,
            if(ifNull(completed_at <= {as_of:DateTime64(6, 'UTC')}, 0), assumeNotNull(completed_at), toDateTime64(0, 6, 'UTC')) AS finished_at
        FROM v_progress
        WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String}
    ) AS p ON u.worker_id = p.worker_id
    GROUP BY u.worker_id
)
GROUP BY
    cohort,
    days
ORDER BY
    cohort,
    days
