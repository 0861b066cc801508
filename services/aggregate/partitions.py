"""What a worker knows of each partition it owns: states decoded, timers, a turn to take.

Everything here can be lost: it is rebuilt from the table when the partition is assigned. Whoever changes a partition's
state, a batch or a re-evaluation, holds its `turn` while doing so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.aggregate.limits import RefusalWatch
from services.aggregate.timers import Timers
from services.core.people import WorkerState, dumps, loads
from services.runtime.batching.batch import Withdrawn
from services.runtime.batching.table import BatchTable

MARKS = b"\x00"
"""First byte of table keys that are not worker ids."""
CATALOG_MARK = MARKS + b"catalog"
"""Key of the digest of the catalog that every worker of the partition was evaluated with."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The workers of a partition that are still to be looked at, for their timers and for a changed catalog."""

    digest: bytes
    worker_ids: Iterator[str]


class Partition:
    """One partition that this worker owns, as of one assignment."""

    def __init__(self, number: int, table: BatchTable, watch: RefusalWatch, cached_workers: int) -> None:
        self.number = number
        self.turn = asyncio.Lock()
        self.timers = Timers()
        self.watch = watch
        self.unadvised: dict[str, None] = {}
        """Workers whose progress was shown without advice, in the order that it was."""
        self.sweep: Sweep | None = None
        self.swept_with: bytes | None = None
        """Digest of the catalog that the last whole sweep was made with."""
        self._table = table
        self._states: dict[str, WorkerState] = {}
        self._cached_workers = cached_workers

    @property
    def is_owned(self) -> bool:
        """Whether the partition is still this worker's."""
        return self._table.owns(self.number)

    def states_of(self, worker_ids: Iterable[str]) -> dict[str, WorkerState]:
        """The states of those workers of whom something is known."""
        found: dict[str, WorkerState] = {}
        for worker_id in worker_ids:
            state = self._states.get(worker_id)
            if state is None:
                written = self._table.value_of(self.number, worker_id.encode())
                if written is None:
                    continue
                state = self._states[worker_id] = loads(written)
            found[worker_id] = state
        return found

    async def store(self, states: Mapping[str, WorkerState], version: int) -> None:
        """Write states through the changelog; they are in force when this returns.

        `version` is that of the newest record that they reflect.

        Raises: Withdrawn when the partition is another worker's by now; Overtaken; KafkaError.
        """
        await self._write({worker_id.encode(): dumps(state) for worker_id, state in states.items()}, version)
        self._states.update(states)
        self.note_advice(states)
        self._evict()

    def note_advice(self, states: Mapping[str, WorkerState]) -> None:
        """Remember who is still to be advised, and who no longer."""
        for worker_id, state in states.items():
            if state.is_advised:
                self.unadvised.pop(worker_id, None)
            else:
                self.unadvised[worker_id] = None

    def begin_sweep(self, digest: bytes) -> Sweep:
        """A sweep over every worker of the partition, for a catalog."""
        self.sweep = Sweep(digest, self._worker_ids())
        return self.sweep

    async def end_sweep(self, sweep: Sweep, version: int) -> None:
        """Remember, and write down, that all workers here have been evaluated with the sweep's catalog."""
        if self.catalog_seen() != sweep.digest:
            await self._write({CATALOG_MARK: sweep.digest}, version)
        self.sweep, self.swept_with = None, sweep.digest

    def catalog_seen(self) -> bytes | None:
        """Digest of the catalog that all workers here were evaluated with."""
        return self._table.value_of(self.number, CATALOG_MARK)

    async def _write(self, entries: Mapping[bytes, bytes], version: int) -> None:
        if not self.is_owned:
            raise Withdrawn
        await self._table.write(self.number, version, entries)

    def _worker_ids(self) -> Iterator[str]:
        for key, _ in self._table.entries(self.number):
            if not self.is_owned:
                return
            if not key.startswith(MARKS):
                yield key.decode()

    def _evict(self) -> None:
        """Forget the states that were read longest ago, half at a time."""
        if len(self._states) > self._cached_workers:
            keep = list(self._states.items())[len(self._states) - self._cached_workers // 2 :]
            self._states = dict(keep)


class Partitions:
    """The partitions that this worker owns now."""

    def __init__(self, table: BatchTable, new_watch: Callable[[], RefusalWatch], cached_workers: int) -> None:
        self._table = table
        self._new_watch = new_watch
        self._cached_workers = cached_workers
        self._owned: dict[int, Partition] = {}
        self.are_known = False
        """Whether partitions, or none, have been assigned at all."""

    def __iter__(self) -> Iterator[Partition]:
        return iter(list(self._owned.values()))

    def __len__(self) -> int:
        return len(self._owned)

    def __getitem__(self, number: int) -> Partition:
        return self._owned[number]

    async def renew(self) -> None:
        """Start afresh after a rebalance: another worker may have written to what was ours for a moment."""
        self._owned = {number: self._new(number) for number in self._table.store.partitions()}
        self.are_known = True

    async def come_to_rest(self) -> None:
        """Return when nothing is being written to any partition."""
        for partition in self:
            async with partition.turn:
                continue

    def next_timer_at(self) -> datetime | None:
        """The soonest time that any worker has to be looked at."""
        times = [at for partition in self if (at := partition.timers.next_at()) is not None]
        return min(times, default=None)

    def _new(self, number: int) -> Partition:
        return Partition(number, self._table, self._new_watch(), self._cached_workers)
