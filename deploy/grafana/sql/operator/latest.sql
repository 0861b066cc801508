SELECT dateDiff('second', max(received_latest), now64(6)) AS seconds
FROM ops_sources
