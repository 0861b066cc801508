DROP TABLE IF EXISTS api_keys;
DROP TABLE IF EXISTS employers;
DROP TABLE IF EXISTS catalog_stacks;
DROP TABLE IF EXISTS catalog_achievements;
DROP TABLE IF EXISTS catalogs;
