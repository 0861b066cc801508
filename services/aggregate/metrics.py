"""What the aggregate counts and times. No topic, worker or employer in a label: their number has no bound.

Cures, for whoever is paged: `backlog_records` grows -> more workers, or see `retries_total`; `retries_total` rises ->
the thing named in its label is down; `refused_total` rises -> `stepwell rejected list`; `oldest_record_seconds` is the
data's age as an employer sees it.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
RECORDS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10000)


class Metrics:
    """The aggregate's metrics in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.records = Counter(
            "stepwell_aggregate_records", "Records processed, whether or not they changed anything", registry=registry
        )
        self.refused = Counter(
            "stepwell_aggregate_refused", "Records sent to the rejected topic", ["reason"], registry=registry
        )
        self.rows = Counter("stepwell_aggregate_rows", "Rows inserted into ClickHouse", ["table"], registry=registry)
        self.messages = Counter(
            "stepwell_aggregate_messages", "Messages published to Kafka", ["kind"], registry=registry
        )
        self.retries = Counter(
            "stepwell_aggregate_retries", "Attempts that failed and were repeated", ["what"], registry=registry
        )
        self.withdrawn = Counter(
            "stepwell_aggregate_withdrawn_batches", "Batches given up because partitions moved", registry=registry
        )
        self.reevaluations = Counter(
            "stepwell_aggregate_reevaluations", "Workers looked at again with no record", ["because"], registry=registry
        )
        self.batch_seconds = Histogram(
            "stepwell_aggregate_batch_seconds",
            "From a batch's delivery to its completion",
            buckets=SECONDS,
            registry=registry,
        )
        self.step_seconds = Histogram(
            "stepwell_aggregate_step_seconds", "Deciding what a batch changes", buckets=SECONDS, registry=registry
        )
        self.insert_seconds = Histogram(
            "stepwell_aggregate_insert_seconds", "Inserting a batch's rows", buckets=SECONDS, registry=registry
        )
        self.batch_records = Histogram(
            "stepwell_aggregate_batch_records", "Records of a batch", buckets=RECORDS, registry=registry
        )
        self.oldest_record_seconds = Gauge(
            "stepwell_aggregate_oldest_record_seconds", "Age of the first record of the latest batch", registry=registry
        )
        self.backlog = Gauge(
            "stepwell_aggregate_backlog_records",
            "Records fetched from or on the broker, not completed",
            registry=registry,
        )
        self.partitions = Gauge("stepwell_aggregate_partitions", "Partitions owned", registry=registry)
        self.stacks = Gauge("stepwell_aggregate_catalog_stacks", "Stacks in force", registry=registry)

    def retried(self, what: str) -> None:
        """Count a failed attempt at `what`."""
        self.retries.labels(what).inc()
