SELECT
    table,
    stored_rows,
    stored_bytes,
    parts,
    written_at
FROM ops_tables
ORDER BY stored_bytes DESC
