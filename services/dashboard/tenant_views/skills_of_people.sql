SELECT
    person,
    groupArrayArray(arrayMap(skill -> cityHash64(toString(skill)), skills)) AS numbers,
    groupArrayArray(arrayMap(skill -> trust >= 2, skills)) AS checks
FROM v_held
WHERE valid_from <= now64(6) AND valid_until > now64(6) AND revoked_at > now64(6)
GROUP BY person
