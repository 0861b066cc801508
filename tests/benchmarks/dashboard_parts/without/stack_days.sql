SELECT
    step,
    count() AS workers,
    quantileExact(0.5)(days) AS median_days
FROM
(
    SELECT
        arrayJoin(arrayZip(arrayEnumerate(arrayPopFront(waits)), arrayPopFront(waits))) AS pair,
        pair.1 AS step,
        pair.2 AS days
    FROM
    (
        SELECT arrayDifference(arraySort(groupArray(dateDiff('day', toDate('1970-01-01'), toDate(a.valid_from))))) AS waits
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
        GROUP BY u.worker_id
    )
)
GROUP BY step
ORDER BY step
