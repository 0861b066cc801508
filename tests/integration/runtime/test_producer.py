"""Publishing: acknowledged means on the log, in order, and no failure leaves a partition stuck."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.runtime.errors import Rejected, Unavailable
from services.runtime.kafka_admin import admin_client
from services.runtime.producer import Message, Producer, ProducerSettings, partition_of
from services.runtime.whole_log import whole_log
from tests.builders.suspending import resume, suspend
from tests.conftest import Broker


@asynccontextmanager
async def producer_on(broker: Broker, **changes: float) -> AsyncIterator[Producer]:
    """A producer that was started."""
    producer = Producer(ProducerSettings(broker.bootstrap, is_idempotent=not broker.is_embedded, **changes))  # type: ignore[arg-type]
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def test_what_is_published_is_on_the_log_in_order(broker: Broker, new_topic: Callable[..., str]) -> None:
    """Per key, with headers, across many callers that share batches; a value of None deletes its key."""
    topic = new_topic("ordered", partitions=3)
    async with producer_on(broker) as producer:

        async def caller(name: int) -> None:
            for number in range(20):
                message = Message(topic, f"k{name}".encode(), str(number).encode(), [("h", b"x")])
                await producer.publish([message])

        await asyncio.gather(*(caller(name) for name in range(10)))
        await producer.publish([Message(topic, b"k0", None, [])])
    found = list(await asyncio.to_thread(list, whole_log(broker.bootstrap, topic)))
    for name in range(10):
        key = f"k{name}".encode()
        mine = [message for message in found if message.key == key]
        assert [message.value for message in mine][:20] == [str(number).encode() for number in range(20)]
        assert {message.partition for message in mine} == {partition_of(key, 3)}
    assert len(found) == 201
    assert [message.value for message in found if message.key == b"k0"][-1] is None


async def test_a_message_that_the_topic_does_not_take_is_rejected_alone(
    broker: Broker, new_topic: Callable[..., str]
) -> None:
    """Too large for the topic: sending it again is of no use; others go on, with a client that is replaced."""
    if broker.is_embedded:
        pytest.skip("the embedded broker takes messages of any size")
    topic = new_topic("small", config={"max.message.bytes": "600000"})
    async with producer_on(broker) as producer:
        with pytest.raises(Rejected):
            await producer.publish([Message(topic, b"k", b"x" * 700_000, [])])
        for number in range(3):
            await producer.publish([Message(topic, b"k", str(number).encode(), [])])
    assert [message.value for message in whole_log(broker.bootstrap, topic)] == [b"0", b"1", b"2"]


async def test_a_replaced_client_leaves_no_partition_stuck(tmp_path: Path) -> None:
    """What was on the wire of a client that is given up fails, and the next message goes out by the new one."""
    from deploy.embedded.kafka import start  # noqa: PLC0415

    child, bootstrap = start(tmp_path / "kafka.log")
    try:
        with admin_client(bootstrap) as admin:
            admin.create_topics({"t": {"num_partitions": 1, "replication_factor": 1}})
        async with producer_on(Broker(bootstrap, is_embedded=True), deadline_seconds=30) as producer:
            await producer.publish([Message("t", b"k", b"0", [])])
            suspend(child.pid)
            hanging = asyncio.create_task(producer.publish([Message("t", b"k", b"1", [])]))
            await asyncio.sleep(0.2)
            producer._renew(producer._client)  # noqa: SLF001 - what an error of another partition leads to
            with pytest.raises(Unavailable):
                await hanging
            resume(child.pid)
            await producer.publish([Message("t", b"k", b"2", [])])
    finally:
        resume(child.pid)
        child.stop()


async def test_an_unknown_topic_is_said_to_be_unknown(broker: Broker, topic_prefix: str) -> None:
    """With what makes it; only a broker that makes topics by itself knows none that is missing."""
    if broker.is_embedded:
        pytest.skip("the embedded broker makes topics when asked about them")
    async with producer_on(broker, request_timeout_seconds=1.0) as producer:
        with pytest.raises(Unavailable, match="stepwell topics apply"):
            await producer.publish([Message(topic_prefix + "nope", b"k", b"v", [])])
