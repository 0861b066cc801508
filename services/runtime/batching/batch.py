"""The event that an agent receives from a topic with `BatchSchema`: the next records of one partition.

Invariant: only `complete` lets the log move on. Faust's own acks count for nothing on such a topic, since Faust also
acks events that an agent failed on (faust-streaming issues 189, 315, 527) and those it skipped on their way to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import faust
from aiokafka import ConsumerRecord
from faust.types import TP, Message

__all__ = ["Batch", "BatchSchema", "ConsumerRecord", "Ledger", "Withdrawn"]


class Withdrawn(Exception):
    """The batch is no longer ours, as partitions are moving or we stop: whoever owns it next gets its records again."""


class Ledger(Protocol):
    """What a batch asks of the consumer that delivered it."""

    def complete(self, batch: Batch) -> None:
        """Count the batch as processed, if it is still the one that is out."""

    def abandon(self, batch: Batch) -> None:
        """Forget the batch without counting it as processed."""

    def is_wanted(self, batch: Batch) -> bool:
        """Whether completing the batch would still count and the worker means to go on."""

    async def until_suspended(self, seconds: float) -> None:
        """Return after that long, or as soon as the worker stops or gives up partitions."""

    async def is_owned(self, since: float) -> bool:
        """Whether partitions held at that time of the loop are certainly held still."""


class Batch:
    """Records of one partition in the order of the log, at least one."""

    __slots__ = ("_ledger", "delivered_at", "generation", "message", "records", "tp")

    def __init__(
        self, tp: TP, records: Sequence[ConsumerRecord], generation: int, delivered_at: float, ledger: Ledger
    ) -> None:
        self.tp = tp
        self.records = records
        self.generation = generation
        self.delivered_at = delivered_at
        self.message: Message | None = None
        self._ledger = ledger

    @property
    def first(self) -> int:
        """Offset of the first record."""
        return int(self.records[0].offset)

    @property
    def last(self) -> int:
        """Offset of the last record."""
        return int(self.records[-1].offset)

    def complete(self) -> None:
        """Say that all effects of the batch are durable: its offsets may be committed, the next batch may come."""
        self._ledger.complete(self)

    def abandon(self) -> None:
        """Give the batch up after `Withdrawn`."""
        self._ledger.abandon(self)

    def ensure_wanted(self) -> None:
        """Go on only while the batch is ours.

        Raises: Withdrawn.
        """
        if not self._ledger.is_wanted(self):
            raise Withdrawn

    async def ensure_owned(self) -> None:
        """To be called before state is written: a worker that was stopped for long must not write over its successor's.

        Raises: Withdrawn.
        """
        if not await self._ledger.is_owned(self.delivered_at):
            raise Withdrawn

    async def pause(self, seconds: float) -> None:
        """Wait before trying again, as long as the batch is ours.

        Raises: Withdrawn.
        """
        self.ensure_wanted()
        await self._ledger.until_suspended(seconds)
        await asyncio.sleep(0)
        self.ensure_wanted()


class BatchSchema(faust.Schema[Any, Any]):
    """Marks a topic whose agent takes batches. Decoding is the agent's affair: it can keep what it cannot read."""

    def loads_key(self, app: Any, message: Any, *, loads: Any = None, serializer: Any = None) -> Any:
        """A batch has no key of its own."""
        return message.key

    def loads_value(self, app: Any, message: Any, *, loads: Any = None, serializer: Any = None) -> Any:
        """The batch, untouched."""
        return message.value
