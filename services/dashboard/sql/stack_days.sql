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
        SELECT arrayDifference(arraySort(groupArray(dateDiff('day', toDate('1970-01-01'), toDate(earned_at))))) AS waits
        FROM v_steps
        WHERE employer_id = {employer_id:String}
            AND stack_id = {stack_id:String}
            AND earned_at <= {as_of:DateTime64(6, 'UTC')}
        GROUP BY person
    )
)
GROUP BY step
ORDER BY step
