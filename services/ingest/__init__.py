"""Ingest: takes records in by HTTP and by Kafka, translates, settles and publishes them.

Apart from the aggregate so that an outage of either is not an outage of the other; they meet in `stepwell.records.v1`.
"""
