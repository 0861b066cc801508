SELECT
    toStartOfWeek(day, 1) AS week,
    sum(achievements) AS achievements,
    sum(stacks) AS stacks
FROM v_completions_daily
WHERE employer_id = {employer_id:String}
    AND day >= toStartOfWeek(toDate({as_of:DateTime64(6, 'UTC')}), 1) - toIntervalWeek({weeks:UInt16} - 1)
    AND day <= toDate({as_of:DateTime64(6, 'UTC')})
GROUP BY week
ORDER BY week WITH FILL FROM
    toStartOfWeek(toDate({as_of:DateTime64(6, 'UTC')}), 1) - toIntervalWeek({weeks:UInt16} - 1)
    TO toStartOfWeek(toDate({as_of:DateTime64(6, 'UTC')}), 1) + toIntervalWeek(1)
    STEP toIntervalWeek(1)
