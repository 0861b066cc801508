SELECT
    group_name,
    workers,
    started_share,
    half_share,
    complete_share,
    median_days,
    hidden,
    minimum
FROM v_group_progress
WHERE employer_id = {employer_id:String} AND stack_id = {stack_id:String} AND dimension = {dimension:String}
ORDER BY
    group_name = 'not stated',
    group_name
