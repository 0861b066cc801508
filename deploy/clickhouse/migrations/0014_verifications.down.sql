-- Back to nothing checked on schedule; what was found out stays in the records.
DROP TABLE IF EXISTS verifications;
