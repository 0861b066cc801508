"""Verification on the stream: a consumer of its own, so that no record ever waits for a signature.

`sent` reads a message of the credentials topic as the records that were made of it; `known` is what is kept of a check
and how it is asked again without the bytes; `checking` verifies; `stating` makes `verification` records; `table` keeps
the newest of each; `stage` does that for batches and, on schedule, for everything that is kept.
"""
