SELECT
    skill,
    count() AS experts,
    arrayMap(one -> one.2, arraySlice(arraySort(groupArray((-toInt64(nth), worker))), 1, {most:UInt8})) AS workers
FROM
(
    SELECT
        any(worker_id) AS worker,
        groupArrayArray(skills) AS shown
    FROM v_held
    WHERE employer_id = {employer_id:String}
        AND trust > 1
        AND valid_from <= now64(6)
        AND valid_until > now64(6)
        AND revoked_at > now64(6)
    GROUP BY person
)
ARRAY JOIN
    shown AS skill,
    arrayEnumerateUniq(shown) AS nth,
    arrayReverse(arrayEnumerateUniq(arrayReverse(shown))) AS nth_from_the_end
WHERE nth_from_the_end = 1 AND nth > 1
GROUP BY skill
ORDER BY
    experts DESC,
    skill
