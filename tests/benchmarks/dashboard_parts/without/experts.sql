SELECT
    skill,
    count() AS experts,
    arrayMap(one -> one.2, arraySlice(arraySort(groupArray((-toInt64(verified), worker_id))), 1, {most:UInt8})) AS workers
FROM v_worker_skills
WHERE employer_id = {employer_id:String} AND is_expert = 1
GROUP BY skill
ORDER BY
    experts DESC,
    skill
