"""Looking at workers again without a record: because their time has come, or because the catalog changed.

In the background and throttled: a partition is left alone while a batch has its turn, and a slice is short, so that
live records never wait long. Advice comes last, and waits while a partition is far behind its log. A sweep goes through
a partition's workers once after each assignment and each change of the catalog; it also finds the timers and who is
still to be advised, which are kept in the states.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from services.aggregate.advising import advise
from services.aggregate.catalog import CatalogInForce
from services.aggregate.effects import Effects
from services.aggregate.log import Log
from services.aggregate.messages import of_changes
from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partition, Partitions
from services.aggregate.step import Changes, reevaluate
from services.runtime.batching.batch import Withdrawn
from services.runtime.epochs import row_version

SLICE_WORKERS = 100
IDLE_SECONDS = 0.2
ADVISED_AT_ONCE = 40
COST_OF_ADVICE = 4
"""How many workers may be looked at again in the time that advising one may take."""
FAR_BEHIND = 1_000
"""How many records any partition of this worker has to be behind for advice to wait."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A few workers of a partition, looked at from `begun_at` on (time of the loop): a `Hold`."""

    partition: Partition
    is_suspended: Callable[[], bool]
    is_owned: Callable[[float], Awaitable[bool]]
    begun_at: float

    async def pause(self, seconds: float) -> None:
        """As `Hold.pause`."""
        if self.is_suspended() or not self.partition.is_owned:
            raise Withdrawn
        await asyncio.sleep(seconds)

    async def ensure_owned(self) -> None:
        """As `Hold.ensure_owned`."""
        if not await self.is_owned(self.begun_at):
            raise Withdrawn


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """The background work of one worker process.

    `committed`: the offset that a partition has been processed up to, None before the first;
    `backlog`: how many records of a partition are waiting;
    `is_suspended`: whether partitions are being given up; `is_owned`: see `BatchConsumer.is_owned`.
    """

    log: Log
    partitions: Partitions
    catalog: CatalogInForce
    effects: Effects
    metrics: Metrics
    now: Callable[[], datetime]
    committed: Callable[[int], int | None]
    backlog: Callable[[int], int]
    is_suspended: Callable[[], bool]
    is_owned: Callable[[float], Awaitable[bool]]
    per_second: float

    async def run(self) -> None:
        """Go round the partitions for ever."""
        await self.catalog.is_read.wait()
        while True:
            done = 0
            for partition in self.partitions:
                try:
                    done += await self._visit(partition)
                except Withdrawn:
                    continue
            await asyncio.sleep(done / self.per_second if done else IDLE_SECONDS)

    async def _visit(self, partition: Partition) -> int:
        """Look at one slice of the partition's workers, if any is due and no batch is in work. Its cost, in workers."""
        if partition.turn.locked() or self.is_suspended():
            return 0
        async with partition.turn:
            due = partition.timers.due(self.now(), SLICE_WORKERS)
            if due:
                await self._reevaluate(partition, due, "time")
                return len(due)
            return await self._sweep(partition) or await self._advise(partition)

    async def _sweep(self, partition: Partition) -> int:
        """Take the sweep a slice further; begin one when the catalog is not the one last swept with."""
        digest = self.catalog.digest
        sweep = partition.sweep
        if sweep is None or sweep.digest != digest:
            if partition.swept_with == digest:
                return 0
            sweep = partition.begin_sweep(digest)
        worker_ids = list(islice(sweep.worker_ids, SLICE_WORKERS))
        if not worker_ids:
            await partition.end_sweep(sweep, self._version(partition))
        elif partition.catalog_seen() == digest:
            states = partition.states_of(worker_ids)
            partition.note_advice(states)
            for worker_id, state in states.items():
                partition.timers.bring_forward(worker_id, state.wake_at)
        else:
            await self._reevaluate(partition, worker_ids, "catalog")
        return len(worker_ids)

    async def _advise(self, partition: Partition) -> int:
        """Advise those who have waited longest."""
        if not partition.unadvised or any(self.backlog(one.number) > FAR_BEHIND for one in self.partitions):
            return 0
        worker_ids = list(islice(partition.unadvised, ADVISED_AT_ONCE))
        states = partition.states_of(worker_ids)
        changes = advise(states, self.catalog.compiled, self.now(), self._version(partition))
        await self._apply(partition, changes)
        self.metrics.reevaluations.labels("advice").inc(len(worker_ids))
        return COST_OF_ADVICE * len(worker_ids)

    async def _apply(self, partition: Partition, changes: Changes) -> None:
        hold = Slice(partition, self.is_suspended, self.is_owned, asyncio.get_running_loop().time())
        messages = list(of_changes(changes, self.log.names, partition.number))
        version = self._version(partition)
        await self.effects.apply(partition, changes, messages, version=version, place=None, hold=hold)

    def _version(self, partition: Partition) -> int:
        """The row version of the newest record that was processed in the partition."""
        return row_version(self.log.epoch, (self.committed(partition.number) or 0) - 1)

    async def _reevaluate(self, partition: Partition, worker_ids: Sequence[str], because: str) -> None:
        states = partition.states_of(worker_ids)
        version, is_of_catalog = self._version(partition), because == "catalog"
        changes = reevaluate(states, self.catalog.compiled, self.now(), version, awards=is_of_catalog)
        await self._apply(partition, changes)
        for worker_id in worker_ids:
            partition.timers.set(worker_id, changes.timers.get(worker_id))
        self.metrics.reevaluations.labels(because).inc(len(worker_ids))
