-- Back to no credentials in ClickHouse; records keep their digests.
DROP TABLE IF EXISTS credentials;
