SELECT DISTINCT record_id
FROM records
WHERE source = {source:String}
    AND record_id IN {ids:Array(UUID)}
