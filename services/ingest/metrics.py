"""What the gateway and the inbox count. No label names a topic, a source or a person.

| metric | what to do when it moves |
|---|---|
| stepwell_records_ingested_total{kind,dialect} | flat while sources send: look at refusals and at Kafka |
| stepwell_statements_received_total | xAPI statements taken, records or not |
| stepwell_payloads_refused_total{reason,way} | climbing: `stepwell rejected list` shows what, and whose |
| stepwell_link_conflicts | not 0: sources give one account to several workers; `stepwell people conflicts` lists them |
| stepwell_requests_total{route,status} | 503: Kafka does not answer in time; 401: someone's key was revoked |
| stepwell_request_seconds{route} | slow: Kafka's acknowledgements are |
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from schemas.records import Record

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one process, on a registry of its own."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._records = Counter(
            "stepwell_records_ingested", "Records published.", ["kind", "dialect"], registry=registry
        )
        self.statements = Counter("stepwell_statements_received", "xAPI statements taken.", registry=registry)
        self.refused = Counter(
            "stepwell_payloads_refused", "Payloads kept as refused.", ["reason", "way"], registry=registry
        )
        self.link_conflicts = Gauge(
            "stepwell_link_conflicts", "Accounts that sources give to different workers.", registry=registry
        )
        self._requests = Counter("stepwell_requests", "Requests answered.", ["route", "status"], registry=registry)
        self._seconds = Histogram(
            "stepwell_request_seconds", "Time to answer.", ["route"], buckets=_SECONDS, registry=registry
        )

    def published(self, records: Iterable[Record], dialect: str) -> None:
        """Records went out."""
        for kind, number in Tally(record.kind for record in records).items():
            self._records.labels(kind, dialect).inc(number)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
