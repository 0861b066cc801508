"""The gateway as it is run: a process on its settings, keys from ClickHouse."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from services.runtime.children import Child, spawn
from services.runtime.clickhouse import connect
from services.runtime.keys import issue, revoke
from services.runtime.ports import LOOPBACK, accepts, free_port
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics

RECORD = {"kind": "award", "worker_id": "w", "achievement": {"id": "a"}, "occurred_at": "2025-06-01T00:00:00Z"}


@pytest.fixture
def gateway(
    broker: Broker, topic_prefix: str, database: tuple[str, str], tmp_path: Path
) -> Iterator[tuple[Child, httpx2.Client]]:
    """A gateway process that listens, and a client of it."""
    make_topics(broker.bootstrap, topic_prefix)
    port = free_port()
    environment = {
        **broker.environment(),
        "STEPWELL_TOPIC_PREFIX": topic_prefix,
        "STEPWELL_CLICKHOUSE": database[0],
        "STEPWELL_DATABASE": database[1],
        "STEPWELL_PORT": str(port),
    }
    child = spawn("gateway", (sys.executable, "-m", "services.ingest"), tmp_path / "log", environment=environment)
    child.wait_ready(partial(accepts, port), 30)
    with httpx2.Client(base_url=f"http://{LOOPBACK}:{port}", timeout=30) as client:
        yield child, client
    child.stop()


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether something becomes so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_keys_come_and_go_while_the_gateway_runs(
    gateway: tuple[Child, httpx2.Client], database: tuple[str, str]
) -> None:
    """A new key works at once, a revoked one stops within seconds, and nobody restarts anything."""
    _, client = gateway
    assert client.post("/v1/records", json=RECORD, auth=("src_none", "x")).status_code == 401
    store = connect(*database)
    issued = issue(store, "source", "acme")

    def status() -> int:
        return client.post("/v1/records", json=RECORD, auth=(issued.key, issued.secret)).status_code

    assert within(5, lambda: status() == 200)
    assert client.get("/readyz").status_code == 200
    revoke(store, "source", "acme")
    assert within(15, lambda: status() == 401)


def test_a_gateway_stops_when_it_is_asked_to(gateway: tuple[Child, httpx2.Client]) -> None:
    """SIGTERM: exit code 0 within seconds, and the port is free again."""
    child, client = gateway
    assert client.get("/livez").status_code == 200
    started_at = time.monotonic()
    assert child.stop(grace_seconds=10) == 0
    assert time.monotonic() - started_at < 10
    with pytest.raises(httpx2.ConnectError):
        client.get("/livez")
