"""Making changes durable in the order that loses nothing: ClickHouse, messages, state; the caller commits offsets.

A crash between any two leaves the offsets where they were: the batch is formed again, its inserts are recognised, its
messages and its state say the same again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partition
from services.aggregate.place import Place
from services.aggregate.retry import until_done
from services.aggregate.rows import columns_of
from services.aggregate.sink import Sink
from services.aggregate.step import Changes
from services.runtime.producer import Message, Producer

Pause = Callable[[float], Awaitable[None]]
TABLES = ("records", "awards", "progress", "employments")


class Effects:
    """Writes what steps decide."""

    def __init__(self, sink: Sink, producer: Producer, metrics: Metrics) -> None:
        self._sink = sink
        self._producer = producer
        self._metrics = metrics

    async def apply(
        self, partition: Partition, changes: Changes, messages: Sequence[Message], place: Place | None, pause: Pause
    ) -> None:
        """Make it all durable, however long it takes; `pause` waits between attempts and may give up by raising.

        `place` is where the changes come from in the log, None for those that the catalog or the time made.
        """
        with self._metrics.insert_seconds.time():
            inserts = [self._insert(table, changes, place, pause) for table in TABLES]
            await asyncio.gather(*inserts)
        await self._publish(messages, pause)
        await partition.store(changes.states)

    async def _insert(self, table: str, changes: Changes, place: Place | None, pause: Pause) -> None:
        names, columns = columns_of(table, changes)
        if columns and columns[0]:
            await until_done(
                "insert", lambda: self._sink.insert(table, names, columns, place), pause, self._metrics.retried
            )
            self._metrics.rows.labels(table).inc(len(columns[0]))

    async def _publish(self, messages: Sequence[Message], pause: Pause) -> None:
        if messages:
            await until_done("publish", lambda: self._producer.publish(messages), pause, self._metrics.retried)
