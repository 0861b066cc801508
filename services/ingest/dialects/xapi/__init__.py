"""Experience API statements, 1.0.3 and 2.0 (IEEE 9274.1.1), with cmi5's `satisfied` and the verbs that plugins use.

`forms` knows text formats, `rules` the shape of a statement, `identity` the id of one that has none, and `meaning`
which statement is a learning record.
"""
