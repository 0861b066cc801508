SELECT
    skill,
    count() AS experts,
    arrayMap(one -> one.2, arraySlice(arraySort(groupArray((-toInt64(verified), worker))), 1, {most:UInt8})) AS workers
FROM
(
    SELECT
        any(worker_id) AS worker,
        any(one_skill) AS skill,
        count() AS verified
    FROM
    (
        SELECT
            person,
            worker_id,
            arrayJoin(skills) AS one_skill
        FROM v_held
        WHERE employer_id = {employer_id:String}
            AND trust > 1
            AND valid_from <= now64(6)
            AND valid_until > now64(6)
            AND revoked_at > now64(6)
    )
    GROUP BY bitXor(person, cityHash64(one_skill))
    HAVING verified > 1
)
GROUP BY skill
ORDER BY
    experts DESC,
    skill
