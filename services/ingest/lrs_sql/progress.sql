SELECT
    partition,
    max(next_offset),
    toUnixTimestamp64Micro(max(stored_through))
FROM xapi_progress
WHERE epoch = {epoch:UInt32}
GROUP BY partition
