SELECT
    employer_id,
    stack_id,
    person,
    as_of,
    version,
    status,
    progress,
    is_deleted AS is_gone
FROM standing_history
WHERE employer_id = {employer_id:String} AND identity(person) IN (SELECT person FROM current_people)
