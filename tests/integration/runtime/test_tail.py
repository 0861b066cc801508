"""Following a log through a broker that falls silent, and through a client that ceases to fetch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaProducer

from deploy.embedded.kafka import start
from services.runtime.children import Child
from services.runtime.fetching import close, ensure_fetching
from services.runtime.kafka_admin import admin_client
from services.runtime.tail import ANSWER_MS, Seen, tail
from tests.builders.suspending import resume, suspend
from tests.conftest import Broker

PATIENCE_SECONDS = 60.0


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[tuple[Child, str]]:
    """A broker of the test's own, with the topic `log`, and its address."""
    child, bootstrap = start(tmp_path / "kafka.log")
    with admin_client(bootstrap) as admin:
        admin.create_topics({"log": {"num_partitions": 2, "replication_factor": 1}}, wait_for_metadata=True)
    yield child, bootstrap
    child.stop()


def say(bootstrap: str, value: bytes) -> None:
    """Put a message on each partition of the log."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for partition in (0, 1):
        producer.send("log", value, partition=partition).get(30)
    producer.close()


async def from_the_start(_: Sequence[int]) -> Mapping[int, int]:
    """Where a first reading begins."""
    return {}


async def until_read(following: AsyncIterator[list[Seen]], value: bytes) -> None:
    """Go on until a message was seen on both partitions."""
    seen: set[int] = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(seen) < 2:
            fetched = await anext(following)
            seen |= {each.partition for each in fetched for record in each.records if record.value == value}


async def test_a_log_is_followed_through_a_silent_broker(own_broker: tuple[Child, str]) -> None:
    """One that answers nothing for longer than an answer may take, and then goes on."""
    child, bootstrap = own_broker
    say(bootstrap, b"before")
    async with aclosing(tail(bootstrap, "log", from_the_start)) as following:
        await until_read(following, b"before")
        suspend(child.pid)
        await asyncio.sleep(ANSWER_MS / 1000 + 1)
        resume(child.pid)
        await asyncio.to_thread(say, bootstrap, b"after")
        await until_read(following, b"after")


async def test_a_client_whose_fetches_ended_is_told_from_one_that_waits(
    broker: Broker, new_topic: Callable[..., str]
) -> None:
    """Reading from it would wait for ever."""
    topic = new_topic("quiet")
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.getmany(timeout_ms=100)
    ensure_fetching(consumer)
    fetching = consumer._fetcher._fetch_task  # noqa: SLF001 - as an unforeseen error of its own ends it
    fetching.cancel()
    await asyncio.wait({fetching})
    with pytest.raises(ConnectionError, match="ceased to fetch"):
        ensure_fetching(consumer)
    await close(consumer)
