SELECT max(parts) AS most_parts
FROM ops_tables
