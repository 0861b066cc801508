"""A log of two partitions and the processing of it: batches of any size, crashes at any point, the same batch again.

As with Kafka and announced batches: a partition is in order, and a batch that was begun is formed again as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any
from zlib import crc32

from services.aggregate.changes import Changes
from services.aggregate.step import Message, reevaluate, step
from services.core import branches, people
from services.core.people import WorkerState
from services.core.settle import routing_key
from services.core.stacks.compile import CompiledCatalog
from services.runtime.epochs import row_version
from tests.property.aggregate.tables import Tables

PARTITIONS = 2
EPOCH = 3


class Log:
    """Partitions, states as bytes, and the tables that processing fills."""

    def __init__(self, catalog: CompiledCatalog, random: Random) -> None:
        self.catalog = catalog
        self.tables = Tables()
        self.states: dict[str, bytes] = {}
        self._random = random
        self._partitions: list[list[tuple[str, Any]]] = [[] for _ in range(PARTITIONS)]
        self._done = [0] * PARTITIONS
        self._crashes_left = 6

    def append(self, records: Iterable[Any]) -> None:
        """Put settled records on the log."""
        for record in records:
            self._append(routing_key(record), record)

    def run(self, as_of: datetime) -> None:
        """Process until nothing is left."""
        while waiting := [number for number in range(PARTITIONS) if self._left(number)]:
            self._batch(self._random.choice(waiting), as_of)

    def wake(self, as_of: datetime) -> None:
        """Look again at every worker whose time has come."""
        for worker_id in sorted(self.states):
            state = self._state(worker_id)
            if state.wake_at is not None and state.wake_at <= as_of:
                self.look_again({worker_id: state}, as_of)

    def look_again(self, states: dict[str, WorkerState], as_of: datetime) -> None:
        """Show these workers without any news."""
        for worker_id, state in states.items():
            version = row_version(EPOCH, self._done[self._partition(worker_id)] - 1)
            changes = reevaluate({worker_id: state}, self.catalog, as_of, version)
            self.tables.insert(changes)
            self._store(changes)

    def all_states(self) -> dict[str, WorkerState]:
        """Everybody."""
        return {worker_id: self._state(worker_id) for worker_id in sorted(self.states)}

    def _batch(self, number: int, as_of: datetime) -> None:
        first = self._done[number]
        last = first + self._random.randint(1, self._left(number))
        while (crash := self._crash()) != "none":
            self._process(number, first, last, as_of, stores=crash == "after storing")
        self._process(number, first, last, as_of, stores=True)
        self._done[number] = last

    def _process(self, number: int, first: int, last: int, as_of: datetime, *, stores: bool) -> None:
        messages = [
            Message(worker_id, what, row_version(EPOCH, first + place), b"")
            for place, (worker_id, what) in enumerate(self._partitions[number][first:last])
        ]
        states = {message.worker_id: self._state(message.worker_id) for message in messages}
        changes = step(states, messages, self.catalog, as_of)
        self.tables.insert(changes)
        for key, value, _ in changes.outgoing:
            self._append(key.decode(), branches.loads(value))
        if stores:
            self._store(changes)

    def _crash(self) -> str:
        """Where the next attempt at a batch ends: before its states are stored, after it, or at its end."""
        crash = self._random.choice(["none", "none", "before storing", "after storing"])
        self._crashes_left -= crash != "none"
        return crash if self._crashes_left >= 0 else "none"

    def _append(self, worker_id: str, what: Any) -> None:
        self._partitions[self._partition(worker_id)].append((worker_id, what))

    def _partition(self, worker_id: str) -> int:
        return crc32(worker_id.encode()) % PARTITIONS

    def _left(self, number: int) -> int:
        return len(self._partitions[number]) - self._done[number]

    def _state(self, worker_id: str) -> WorkerState:
        return people.loads(self.states[worker_id]) if worker_id in self.states else people.NOBODY

    def _store(self, changes: Changes) -> None:
        self.states |= {worker_id: people.dumps(state) for worker_id, state in changes.states.items()}
