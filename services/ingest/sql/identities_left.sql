SELECT count()
FROM identities FINAL
WHERE key_id != {key_id:String}
