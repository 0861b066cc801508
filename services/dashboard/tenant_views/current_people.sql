SELECT
    employer_id,
    worker_id,
    cityHash64(toString(employer_id), worker_id) AS person
FROM employments FINAL
WHERE employer_id = {employer_id:String} AND started_at <= now64(6) AND (ended_at IS NULL OR ended_at > now64(6))
