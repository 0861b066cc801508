SELECT
    if(s.stack_title = '', toString(f.stack_id), s.stack_title) AS stack,
    f.enrolled AS enrolled,
    f.first AS begun,
    f.half AS half,
    f.one_short AS one_short,
    f.stack AS complete
FROM (SELECT * FROM v_funnel WHERE employer_id = ${employer:sqlstring}) AS f
LEFT ANY JOIN (SELECT stack_id, stack_title FROM v_stacks WHERE employer_id = ${employer:sqlstring}) AS s ON f.stack_id = s.stack_id
ORDER BY
    enrolled DESC,
    stack
LIMIT 12
