"""Who is behind a pseudonym: kept apart from the records, sealed, and forgotten when asked.

The gateway and the inbox put pseudonyms into records (services/core/pseudonyms.py) and publish, sealed, what they hid,
on a topic of its own. The inbox process keeps that in a table, matches salted hashes with it, and forgets.
"""
