SELECT sum(under_half + half_or_more) AS stacks_in_progress
FROM v_stack_summary
WHERE employer_id = ${employer:sqlstring}
