SELECT
    role,
    skill,
    workers,
    holders,
    verified
FROM v_role_gaps
WHERE employer_id = {employer_id:String}
ORDER BY
    holders / greatest(workers, 1),
    role,
    skill
