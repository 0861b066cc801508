SELECT uniqExact(pair) AS credentials
FROM v_held
WHERE employer_id = ${employer:sqlstring}
    AND trust > 1
    AND valid_from <= now64(6)
    AND valid_until > now64(6)
    AND revoked_at > now64(6)
