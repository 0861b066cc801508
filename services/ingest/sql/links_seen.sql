SELECT
    count(),
    max(version)
FROM records
WHERE kind = 'link'
