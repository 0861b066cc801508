-- Back to no identities and no refusals in ClickHouse. Pseudonyms that records have cannot be led back to accounts then.
DROP TABLE IF EXISTS refusals;
DROP TABLE IF EXISTS identity_matches;
DROP TABLE IF EXISTS identities;
DROP TABLE IF EXISTS identity_keys;
