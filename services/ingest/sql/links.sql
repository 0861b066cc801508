SELECT body
FROM records FINAL
WHERE kind = 'link'
