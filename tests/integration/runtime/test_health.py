"""Probes over HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, Counter

from services.runtime.health import Heartbeat, serve
from services.runtime.ports import LOOPBACK, free_port


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    """Time that moves when told."""
    return _Clock()


@pytest.fixture
def missing() -> list[str]:
    """What readiness waits for."""
    return []


@pytest.fixture
def url(clock: _Clock, missing: list[str]) -> Iterator[str]:
    """Probes that run."""
    registry = CollectorRegistry()
    Counter("stepwell_things", "Things.", registry=registry).inc(3)
    port = free_port()
    stop = serve(LOOPBACK, port, Heartbeat(clock), lambda: missing, registry)
    yield f"http://{LOOPBACK}:{port}"
    stop()


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - an address of our own
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_readiness_names_what_is_missing(url: str, missing: list[str]) -> None:
    """503 with the reasons, 200 once there are none."""
    missing.append("ClickHouse does not answer")
    before = _get(f"{url}/readyz")
    missing.clear()

    assert before == (503, '{"status": "unavailable", "missing": ["ClickHouse does not answer"]}')
    assert _get(f"{url}/readyz") == (200, '{"status": "ok"}')


def test_a_loop_that_stands_still_is_not_alive(url: str, clock: _Clock) -> None:
    """Liveness follows the heartbeat and nothing else."""
    before = _get(f"{url}/livez")[0]
    clock.now = 31.0

    assert (before, _get(f"{url}/livez")[0]) == (200, 503)


def test_metrics_are_in_prometheus_form(url: str) -> None:
    """The registry's counters are there."""
    assert "stepwell_things_total 3.0" in _get(f"{url}/metrics")[1]
