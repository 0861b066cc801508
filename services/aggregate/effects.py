"""Making changes durable in the order that loses nothing: ClickHouse, messages, state; the caller commits offsets.

A crash between any two leaves the offsets where they were: the batch is formed again, its inserts are recognised, its
messages and its state say the same again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partition
from services.aggregate.place import Place
from services.aggregate.retry import until_done
from services.aggregate.rows import columns_of
from services.aggregate.sink import Sink
from services.aggregate.step import Changes
from services.runtime.producer import Message, Producer

TABLES = ("records", "awards", "progress", "employments")


class Hold(Protocol):
    """What ties changes to a partition that may be taken away meanwhile; a `Batch` is one."""

    async def pause(self, seconds: float) -> None:
        """Wait before trying again. Raises: Withdrawn when the partition is given up."""

    async def ensure_owned(self) -> None:
        """Go on only while the partition is certainly ours. Raises: Withdrawn."""


class Effects:
    """Writes what steps decide."""

    def __init__(self, sink: Sink, producer: Producer, metrics: Metrics) -> None:
        self._sink = sink
        self._producer = producer
        self._metrics = metrics

    async def apply(
        self,
        partition: Partition,
        changes: Changes,
        messages: Sequence[Message],
        *,
        version: int,
        place: Place | None,
        hold: Hold,
    ) -> None:
        """Make it all durable, however long it takes.

        `version` is that of the newest record that the changes reflect; `place` is where they come from in the log,
        None for those that the catalog or the time made.

        Raises: Withdrawn, and whatever no retry can mend.
        """
        with self._metrics.insert_seconds.time():
            inserts = [self._insert(table, changes, place, hold) for table in TABLES]
            await asyncio.gather(*inserts)
        await self._publish(messages, hold)
        await hold.ensure_owned()
        await partition.store(changes.states, version)

    async def _insert(self, table: str, changes: Changes, place: Place | None, hold: Hold) -> None:
        names, columns = columns_of(table, changes)
        if columns and columns[0]:
            await until_done(
                "insert", lambda: self._sink.insert(table, names, columns, place), hold.pause, self._metrics.retried
            )
            self._metrics.rows.labels(table).inc(len(columns[0]))

    async def _publish(self, messages: Sequence[Message], hold: Hold) -> None:
        if messages:
            await until_done("publish", lambda: self._producer.publish(messages), hold.pause, self._metrics.retried)
