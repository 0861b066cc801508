DROP VIEW IF EXISTS ops_tables;
DROP VIEW IF EXISTS ops_employers;
DROP VIEW IF EXISTS ops_refusals;
DROP VIEW IF EXISTS ops_arrivals;
DROP VIEW IF EXISTS ops_sources;
DROP VIEW IF EXISTS v_refusals;
