SELECT
    toStartOfMinute(as_of) AS minute,
    uniqExact(worker_id, version) AS changes
FROM v_progress_history
WHERE employer_id = {employer_id:String}
    AND as_of > toStartOfMinute({as_of:DateTime64(6, 'UTC')}) - toIntervalMinute({minutes:UInt16} - 1)
    AND as_of <= {as_of:DateTime64(6, 'UTC')}
GROUP BY minute
ORDER BY minute WITH FILL FROM
    toStartOfMinute({as_of:DateTime64(6, 'UTC')}) - toIntervalMinute({minutes:UInt16} - 1)
    TO toStartOfMinute({as_of:DateTime64(6, 'UTC')}) + toIntervalMinute(1)
    STEP toIntervalMinute(1)
