SELECT toInt64(sum(refusals)) - toInt64(sum(redriven)) AS refused
FROM ops_refusals
WHERE hour >= now() - toIntervalHour(24)
