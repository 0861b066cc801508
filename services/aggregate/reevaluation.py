"""Looking at workers again without a record: because their time has come, or because the catalog changed.

In the background and throttled: a partition is left alone while a batch has its turn, and a slice is short, so that
live records never wait long. A sweep goes through a partition's workers once after each assignment and each change of
the catalog; it also finds the timers, which are kept in the states.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from services.aggregate.catalog import CatalogInForce
from services.aggregate.effects import Effects
from services.aggregate.log import Log
from services.aggregate.messages import of_changes
from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partition, Partitions
from services.aggregate.rows import row_version
from services.aggregate.step import reevaluate
from services.runtime.batching.batch import Withdrawn

SLICE_WORKERS = 100
IDLE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """The background work of one worker process.

    `committed`: the offset that a partition has been processed up to, None before the first;
    `is_suspended`: whether partitions are being given up.
    """

    log: Log
    partitions: Partitions
    catalog: CatalogInForce
    effects: Effects
    metrics: Metrics
    now: Callable[[], datetime]
    committed: Callable[[int], int | None]
    is_suspended: Callable[[], bool]
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
        """Look at one slice of the partition's workers, if any is due and no batch is in work. How many were seen."""
        if partition.turn.locked() or self.is_suspended():
            return 0
        async with partition.turn:
            due = partition.timers.due(self.now(), SLICE_WORKERS)
            if due:
                await self._reevaluate(partition, due, "time")
                return len(due)
            return await self._sweep(partition)

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
            await partition.end_sweep(sweep)
        elif partition.catalog_seen() == digest:
            for worker_id, state in partition.states_of(worker_ids).items():
                partition.timers.bring_forward(worker_id, state.wake_at)
        else:
            await self._reevaluate(partition, worker_ids, "catalog")
        return len(worker_ids)

    async def _reevaluate(self, partition: Partition, worker_ids: Sequence[str], because: str) -> None:
        states = partition.states_of(worker_ids)
        version = row_version(self.log.epoch, (self.committed(partition.number) or 0) - 1)
        is_of_catalog = because == "catalog"
        changes = reevaluate(states, self.catalog.compiled, self.now(), version, awards=is_of_catalog)
        messages = list(of_changes(changes, self.log.names))

        async def pause(seconds: float) -> None:
            if self.is_suspended() or not partition.is_owned:
                raise Withdrawn
            await asyncio.sleep(seconds)

        await self.effects.apply(partition, changes, messages, None, pause)
        for worker_id in worker_ids:
            partition.timers.set(worker_id, changes.timers.get(worker_id))
        self.metrics.reevaluations.labels(because).inc(len(worker_ids))
