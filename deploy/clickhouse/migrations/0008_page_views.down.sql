DROP VIEW IF EXISTS v_evidence;
DROP VIEW IF EXISTS v_exceptions;
DROP VIEW IF EXISTS v_enrolments;
DROP VIEW IF EXISTS v_allocations;
DROP VIEW IF EXISTS v_progress_history;
