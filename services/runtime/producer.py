"""Publishing to Kafka so that "done" means acknowledged by all replicas, or an error within a deadline.

Messages of all callers that go to one partition share batches (see `lanes`), so a hundred posts cost few requests.
aiokafka's own `send` makes a future a message, which costs several times more than writing the message.

Invariants: `publish` returns only after Kafka acknowledged every message; a batch that nobody waits for any more is
not sent; a client that lost its place (an idempotent producer cannot go on after a failed batch) is replaced, so
recovery needs no restart. Messages may still arrive after an error, or twice: consumers merge, they do not count.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RequestTimedOutError,
    UnknownTopicOrPartitionError,
)

from services.runtime.errors import Rejected, Unavailable
from services.runtime.lanes import Batch, Gauge, Lane, Message, partition_of

__all__ = ["Message", "Place", "Producer", "ProducerSettings", "partition_of"]

log = structlog.get_logger(__name__)

STOP_SECONDS = 2.0
CLOSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ProducerSettings:
    """How to reach Kafka. `is_idempotent` must be off on the embedded broker: it refuses aiokafka's InitProducerId."""

    bootstrap: str
    is_idempotent: bool
    client_id: str = "stepwell"
    deadline_seconds: float = 5.0
    request_timeout_seconds: float = 10.0
    reconnect_seconds: float = 0.5
    max_batch_bytes: int = 512 * 1024
    max_queued_bytes: int = 64 * 1024 * 1024


class Place(NamedTuple):
    """Where a message is on the log; `offset` -1 where Kafka does not tell."""

    partition: int
    offset: int


class Producer:
    """Publishes messages, acknowledged by all in-sync replicas, through a Kafka client that renews itself."""

    def __init__(self, settings: ProducerSettings) -> None:
        self._settings = settings
        self._client: AIOKafkaProducer | None = None
        self._is_connected = asyncio.Event()
        self._stopping = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._gauge = Gauge()

    async def start(self) -> None:
        """Begin to connect; return at once, whether Kafka is there or not."""
        self._connect()

    async def stop(self) -> None:
        """Stop connecting and close the client. Callers still waiting get `Unavailable`.

        An attempt to connect that is under way may end first: aiokafka leaks its socket when it is cancelled.
        """
        self._stopping.set()
        if self._connecting is not None:
            await asyncio.wait({self._connecting}, timeout=STOP_SECONDS)
            await _cancel(self._connecting)
        for lane in self._lanes.values():
            await lane.stop()
        client, self._client = self._client, None
        if client is not None:
            await _close(client)

    async def is_ready(self, timeout_seconds: float = 2.0) -> bool:
        """Whether Kafka answers a metadata request right now."""
        if self._client is None:
            return False
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                return bool(await self._client.client.force_metadata_update())
        return False

    async def publish(self, messages: Sequence[Message], deadline_seconds: float | None = None) -> None:
        """Publish all messages, in order within a partition; return once every one is acknowledged.

        After an error some of the messages may have arrived, or may still.

        Raises: Unavailable when Kafka did not acknowledge all in time; Rejected when it refuses a message as too large.
        """
        seconds = self._settings.deadline_seconds if deadline_seconds is None else deadline_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        self._ensure_room()
        try:
            async with asyncio.timeout_at(deadline):
                partitions = {topic: await self._partitions(topic) for topic in {message.topic for message in messages}}
                for batch in {self._enqueue(message, partitions[message.topic], deadline) for message in messages}:
                    await asyncio.shield(batch.done)
        except TimeoutError as error:
            raise _silent(seconds) from error

    async def publish_one(self, message: Message) -> Place:
        """Publish one message; where it is on the log, once it is acknowledged.

        Raises: as `publish`.
        """
        seconds = self._settings.deadline_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        self._ensure_room()
        try:
            async with asyncio.timeout_at(deadline):
                partitions = await self._partitions(message.topic)
                batch = self._enqueue(message, partitions, deadline)
                index = batch.count - 1
                await asyncio.shield(batch.done)
        except TimeoutError as error:
            raise _silent(seconds) from error
        return Place(_partition(message, partitions), batch.first + index if batch.first >= 0 else -1)

    def _ensure_room(self) -> None:
        if self._gauge.octets > self._settings.max_queued_bytes:
            raise Unavailable("kafka", "the queue to Kafka is full", retry_after_seconds=2)

    def _enqueue(self, message: Message, partitions: int, deadline: float) -> Batch:
        place = (message.topic, _partition(message, partitions))
        lane = self._lanes.get(place)
        if lane is None:
            lane = self._lanes[place] = Lane(self._new_builder, partial(self._deliver, place), self._gauge)
        return lane.append(message, deadline)

    async def _partitions(self, topic: str) -> int:
        await self._is_connected.wait()
        try:
            return len(await self._connected().partitions_for(topic))
        except KafkaError as error:
            raise Unavailable("kafka", f"no topic {topic}; `stepwell topics apply` makes it") from error

    def _connected(self) -> AIOKafkaProducer:
        if self._client is None:
            raise Unavailable("kafka", "not connected")
        return self._client

    def _new_builder(self) -> Any:
        return self._connected().create_batch()

    async def _deliver(self, place: tuple[str, int], batch: Batch) -> None:
        """Send one batch and wait for its acknowledgement, however long the client keeps trying."""
        topic, partition = place
        try:
            async with asyncio.timeout_at(batch.deadline):
                await self._is_connected.wait()
                await asyncio.sleep(0)  # a deadline that is past ends here
        except TimeoutError as error:
            raise Unavailable("kafka", "the wait for Kafka was over before the messages could be sent") from error
        client = self._connected()
        try:
            batch.first = (await (await client.send_batch(batch.builder, topic, partition=partition))).offset
        except MessageSizeTooLargeError as error:
            self._renew(client)
            raise Rejected.because("too_large", "Kafka refuses a message this large; send less at once") from error
        except _TRANSIENT as error:
            raise Unavailable("kafka", f"{type(error).__name__} from Kafka") from error
        except KafkaError as error:
            log.warning("kafka_producer_renewed", topic=topic, partition=partition, error=repr(error))
            self._renew(client)
            raise Unavailable("kafka", f"{type(error).__name__} from Kafka") from error

    def _renew(self, broken: AIOKafkaProducer) -> None:
        """Replace the client, unless another batch of the same client has done so."""
        if self._client is broken:
            self._client = None
            self._is_connected.clear()
            self._connect(broken)

    def _connect(self, broken: AIOKafkaProducer | None = None) -> None:
        self._connecting = asyncio.create_task(self._keep_connecting(broken))

    async def _keep_connecting(self, broken: AIOKafkaProducer | None) -> None:
        if broken is not None:
            await _close(broken)
        while self._client is None and not self._stopping.is_set():
            client = self._new_client()
            try:
                await client.start()
                self._client = client
                self._is_connected.set()
            except (KafkaError, OSError) as error:
                log.info("kafka_not_reachable", error=repr(error))
                await _close(client)
                await self._pause()
            except BaseException:
                await _close(client)
                raise

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.reconnect_seconds):
                await self._stopping.wait()

    def _new_client(self) -> AIOKafkaProducer:
        settings = self._settings
        return AIOKafkaProducer(
            bootstrap_servers=settings.bootstrap,
            client_id=settings.client_id,
            acks="all",
            enable_idempotence=settings.is_idempotent,
            max_batch_size=settings.max_batch_bytes,
            request_timeout_ms=int(settings.request_timeout_seconds * 1000),
            metadata_max_age_ms=60_000,
        )


def _silent(seconds: float) -> Unavailable:
    return Unavailable("kafka", f"no acknowledgement within {seconds:g} s")


def _partition(message: Message, partitions: int) -> int:
    return partition_of(message.key, partitions) if message.follows is None else message.follows % partitions


_TRANSIENT = (KafkaConnectionError, KafkaTimeoutError, RequestTimedOutError, UnknownTopicOrPartitionError)
"""Errors after which a client that is not idempotent goes on as it is (an idempotent one retries them by itself)."""


async def _cancel(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait({task})


async def _close(client: AIOKafkaProducer) -> None:
    """Close a client that may be in any state, without waiting long for batches that cannot be delivered.

    `stop` first flushes, which never ends while Kafka is away. Then the sender is cancelled, sockets are closed, and
    what is on the wire has failed: whoever waits for it would wait for ever, as aiokafka forgets it.
    """
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.stop()
    except (KafkaError, TimeoutError, OSError):
        sender = client._sender.sender_task  # noqa: SLF001 - aiokafka has no way to stop without flushing
        if sender is not None:
            sender.cancel()
        client._message_accumulator.fail_all(KafkaConnectionError("closed"))  # noqa: SLF001 - the same
        await client.client.close()
