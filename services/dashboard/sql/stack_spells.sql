SELECT
    toYear(began_at) AS cohort,
    toUInt32(greatest(dateDiff('day', began_at, if(is_done, done_at, {as_of:DateTime64(6, 'UTC')})), 0)) AS days,
    countIf(is_done) AS completed,
    countIf(NOT is_done) AS waiting
FROM
(
    SELECT
        person,
        min(earned_at) AS began_at,
        any(if(ifNull(completed_at <= {as_of:DateTime64(6, 'UTC')}, 0), assumeNotNull(completed_at), toDateTime64(0, 6, 'UTC'))) AS done_at,
        done_at > toDateTime64(0, 6, 'UTC') AS is_done
    FROM v_steps
    WHERE employer_id = {employer_id:String}
        AND stack_id = {stack_id:String}
        AND earned_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY person
)
GROUP BY
    cohort,
    days
ORDER BY
    cohort,
    days
