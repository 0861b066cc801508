"""Metrics of the dashboard, in base units, with no person, employer or path in a label.

Cures: slow requests with fast queries mean a busy process; slow queries, ClickHouse (see its query log by the query's
name); many streams are many open pages, which `live_streams_per_employer` bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One process's metrics in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "stepwell_dashboard_request_seconds",
            "Time to answer, by route and status; a live stream counts until it begins",
            ("route", "status"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._queries = Histogram(
            "stepwell_dashboard_query_seconds",
            "Time of each named query, failures included",
            ("query",),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._failures = Counter(
            "stepwell_dashboard_query_failures_total", "Named queries that failed", ("query",), registry=self.registry
        )
        self.streams = Gauge("stepwell_dashboard_live_streams", "Pages that are live now", registry=self.registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Note one answered request."""
        self._requests.labels(route, str(status)).observe(seconds)

    @contextmanager
    def query(self, name: str) -> Iterator[None]:
        """Time a named query, and count it when it fails."""
        began = perf_counter()
        try:
            with self._failures.labels(name).count_exceptions():
                yield
        finally:
            self._queries.labels(name).observe(perf_counter() - began)

    def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)
