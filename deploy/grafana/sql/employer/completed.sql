SELECT sum(complete) AS stacks_complete
FROM v_stack_summary
WHERE employer_id = ${employer:sqlstring}
