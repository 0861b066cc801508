"""The queue of each partition on its way to Kafka: group commit, apart from the client that carries it out.

One batch of a partition is on the wire while the next one fills, so all callers share requests and no timer makes
anyone wait. Invariant: a batch is settled exactly once, as acknowledged or as failed, also when its lane is stopped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from aiokafka.partitioner import murmur2

from services.runtime.cloudevents import Header
from services.runtime.errors import Rejected, Unavailable


class Message(NamedTuple):
    """One message to publish. A value of None deletes the key from a compacted topic.

    Its key decides its partition, unless it follows a partition of another topic: then it goes where that number does.
    """

    topic: str
    key: bytes
    value: bytes | None
    headers: Sequence[Header]
    follows: int | None = None


@lru_cache(maxsize=65536)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, as Java's and aiokafka's default partitioners choose it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


class Batch:
    """Messages that share a produce request, and the future that all who wait for them share.

    `builder` is aiokafka's; `deadline` is when the last of those who wait gives up, on the loop's clock; `first` is the
    offset of its first message once Kafka acknowledged it, -1 where Kafka does not tell.
    """

    __slots__ = ("builder", "count", "deadline", "done", "first", "size")

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.count = 0
        self.deadline = 0.0
        self.first = -1
        self.size = 0

    def succeed(self) -> None:
        """Kafka acknowledged it."""
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, error: Exception) -> None:
        """Kafka did not."""
        if not self.done.done():
            self.done.set_exception(error)
            self.done.exception()  # all who waited may have given up: that is no "exception never retrieved"


class Gauge:
    """Bytes that are queued or on the wire, over all lanes of a producer."""

    __slots__ = ("octets",)

    def __init__(self) -> None:
        self.octets = 0


class Lane:
    """The batches of one partition, in order: the first may be on the wire, the last is still filling."""

    __slots__ = ("_deliver", "_drainer", "_gauge", "_new_builder", "_queue")

    def __init__(
        self, new_builder: Callable[[], Any], deliver: Callable[[Batch], Awaitable[None]], gauge: Gauge
    ) -> None:
        """`deliver` returns once Kafka acknowledged a batch, and raises Unavailable or Rejected when it will not."""
        self._new_builder = new_builder
        self._deliver = deliver
        self._gauge = gauge
        self._queue: deque[Batch] = deque()
        self._drainer: asyncio.Task[None] | None = None

    def append(self, message: Message, deadline: float) -> Batch:
        """The batch that the message went into; its future tells what became of it."""
        batch = self._queue[-1] if self._queue else self._new_batch()
        if not self._fits(batch, message):
            batch = self._new_batch()
            self._fits(batch, message)  # an empty builder takes a message of any size
        batch.deadline = max(batch.deadline, deadline)
        return batch

    async def stop(self) -> None:
        """Give up what is not acknowledged yet."""
        if self._drainer is not None:
            self._drainer.cancel()
            await asyncio.wait({self._drainer})
        while self._queue:
            self._queue.popleft().fail(Unavailable("kafka", "the producer is stopping"))

    def _new_batch(self) -> Batch:
        batch = Batch(self._new_builder())
        self._queue.append(batch)
        if self._drainer is None:
            self._drainer = asyncio.create_task(self._drain())
        return batch

    def _fits(self, batch: Batch, message: Message) -> bool:
        taken = batch.builder.append(timestamp=None, key=message.key, value=message.value, headers=message.headers)
        if taken is None:
            return False
        batch.count += 1
        batch.size += taken.size
        self._gauge.octets += taken.size
        return True

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._send(self._queue.popleft())
        finally:
            self._drainer = None

    async def _send(self, batch: Batch) -> None:
        try:
            await self._deliver(batch)
            batch.succeed()
        except (Unavailable, Rejected) as error:
            batch.fail(error)
        except BaseException:
            batch.fail(Unavailable("kafka", "the producer is stopping"))
            raise
        finally:
            self._gauge.octets -= batch.size
