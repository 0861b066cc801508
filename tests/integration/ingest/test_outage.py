"""Kafka away: 503, nothing that was acknowledged lost, and back to work without anyone's help."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.runtime.children import Child
from tests.builders.suspending import resume, suspend
from tests.builders.waiting import wait_until
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics, records_on, running, settings_for


@pytest.fixture
def own_broker(broker: Broker, tmp_path: Path) -> Iterator[tuple[Broker, Child]]:
    """A broker of the round's kind that the test may hurt."""
    if broker.is_embedded:
        from deploy.embedded.kafka import start  # noqa: PLC0415

        child, bootstrap = start(tmp_path / "kafka.log")
    else:
        from deploy.kafka.node import start as start_apache  # noqa: PLC0415

        child, bootstrap = start_apache(tmp_path)
    yield Broker(bootstrap, is_embedded=broker.is_embedded), child
    resume(child.pid)
    child.stop()


def award(number: int) -> dict[str, Any]:
    """One record that no other equals."""
    return {
        "kind": "award",
        "occurred_at": "2025-06-01T00:00:00Z",
        "worker_id": f"w{number % 20}",
        "achievement": {"id": "a"},
        "award_id": str(number),
    }


async def test_nothing_acknowledged_is_lost_while_the_broker_hangs(
    own_broker: tuple[Broker, Child], topic_prefix: str
) -> None:
    """The broker is stopped in full flow and let go again: 503 with Retry-After meanwhile, then 200 as before."""
    broker, child = own_broker
    make_topics(broker.bootstrap, topic_prefix)
    acknowledged: set[str] = set()
    refused: list[int] = []
    is_over = asyncio.Event()
    async with running(settings_for(broker.environment(), topic_prefix, acknowledge_seconds=1)) as gateway:

        async def send(first: int) -> None:
            number = first
            while not is_over.is_set():
                answer = await gateway.post("/v1/records", json=[award(number)])
                if answer.status_code == 200:
                    acknowledged.update(answer.json()["record_ids"])
                    number += 8
                else:
                    refused.append(answer.status_code)
                    assert int(answer.headers["retry-after"]) >= 1
                await asyncio.sleep(0.01)

        senders = [asyncio.create_task(send(first)) for first in range(8)]
        await asyncio.sleep(1)
        suspend(child.pid)
        await asyncio.sleep(3)
        assert (await gateway.get("/readyz")).status_code == 503
        assert (await gateway.get("/livez")).status_code == 200
        resume(child.pid)
        before = len(acknowledged)
        await asyncio.to_thread(wait_until, lambda: len(acknowledged) >= before + 50)
        is_over.set()
        await asyncio.gather(*senders)
        assert (await gateway.get("/readyz")).status_code == 200
    assert set(refused) == {503}
    assert acknowledged <= {record["record_id"] for record in records_on(broker.bootstrap, topic_prefix)}


async def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(topic_prefix: str, tmp_path: Path) -> None:
    """Kill -9 of Apache Kafka and a start on the same data; the embedded broker keeps its log in memory only."""
    if os.environ.get("KAFKA", "both") == "embedded":
        pytest.skip("KAFKA=embedded: no Apache Kafka wanted")
    from deploy.kafka.node import start  # noqa: PLC0415

    child, bootstrap = start(tmp_path)
    port = int(bootstrap.rpartition(":")[2])
    make_topics(bootstrap, topic_prefix)
    async with running(settings_for({"STEPWELL_KAFKA": bootstrap}, topic_prefix, acknowledge_seconds=2)) as gateway:
        before = await _send(gateway, range(100))
        child.kill()
        meanwhile = await _send(gateway, range(100, 102))
        child, _ = await asyncio.to_thread(start, tmp_path, port)
        try:
            deadline = time.monotonic() + 30
            after: set[str] = set()
            while len(after) < 50 and time.monotonic() < deadline:
                after |= await _send(gateway, range(200, 250))
            found = {record["record_id"] for record in records_on(bootstrap, topic_prefix)}
        finally:
            child.stop()
    assert (len(before), len(meanwhile), len(after)) == (100, 0, 50)
    assert before | after <= found


async def _send(gateway: httpx2.AsyncClient, numbers: Iterable[int]) -> set[str]:
    """Send records one by one; the ids of those acknowledged."""
    answers = [await gateway.post("/v1/records", json=award(number)) for number in numbers]
    assert {answer.status_code for answer in answers} <= {200, 503}
    return {answer.json()["record_ids"][0] for answer in answers if answer.status_code == 200}


async def test_a_gateway_starts_without_kafka_and_finds_it_later(topic_prefix: str, tmp_path: Path) -> None:
    """503 until the broker is there, 200 from then on, with no restart between."""
    from deploy.embedded.kafka import start  # noqa: PLC0415
    from services.runtime.ports import LOOPBACK, free_port  # noqa: PLC0415

    port = free_port()
    environment = {"STEPWELL_KAFKA": f"{LOOPBACK}:{port}", "STEPWELL_EMBEDDED": "1"}
    async with running(settings_for(environment, topic_prefix, acknowledge_seconds=0.5)) as gateway:
        assert (await gateway.post("/v1/records", json=award(1))).status_code == 503
        child, bootstrap = await asyncio.to_thread(start, tmp_path / "kafka.log", port)
        try:
            await asyncio.to_thread(make_topics, bootstrap, topic_prefix)
            deadline = time.monotonic() + 20
            status = 503
            while status != 200 and time.monotonic() < deadline:
                status = (await gateway.post("/v1/records", json=award(1))).status_code
            assert status == 200
        finally:
            child.stop()
