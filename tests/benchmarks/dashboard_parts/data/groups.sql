INSERT INTO worker_groups (employer_id, worker_id, dimension, group_name, version, is_deleted)
SELECT
    employer_id,
    worker_id,
    arrayJoin(['age', 'gender']) AS dimension,
    if(dimension = 'age', concat('band-', toString(cityHash64(worker_id, 1) % 6)), concat('group-', toString(least(cityHash64(worker_id) % 40, 3)))) AS group_name,
    1 AS version,
    0 AS is_deleted
FROM employments
WHERE employer_id IN ('employer-big', 'employer-mid-3')
