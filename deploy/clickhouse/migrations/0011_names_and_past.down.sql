DROP VIEW IF EXISTS v_standing_history;
DROP VIEW IF EXISTS standing_history_feed;
DROP TABLE IF EXISTS standing_history;
DROP VIEW IF EXISTS v_stacks;
DROP VIEW IF EXISTS v_names;
