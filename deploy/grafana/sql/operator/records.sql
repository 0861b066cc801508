SELECT sum(records_24h) AS records
FROM ops_sources
