"""Which workers of a partition time alone may change, and when: awards expire, windows close, renewals open.

Pure: a heap of instants and the newest instant of each worker; an entry that a newer one replaced is skipped when it
comes up. Rebuilt from the state on assignment, so nothing here needs saving.
"""

from __future__ import annotations

from datetime import datetime
from heapq import heapify, heappop, heappush


class Timers:
    """When to look at each worker again."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._at: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._at)

    def set(self, worker_id: str, at: datetime | None) -> None:
        """Look at the worker at that time and no other; None: not at all."""
        if at is None:
            self._at.pop(worker_id, None)
        elif self._at.get(worker_id) != at:
            self._at[worker_id] = at
            heappush(self._heap, (at, worker_id))
            self._compact()

    def bring_forward(self, worker_id: str, at: datetime | None) -> None:
        """Look at the worker no later than that."""
        if at is not None and (worker_id not in self._at or at < self._at[worker_id]):
            self.set(worker_id, at)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Take out up to `limit` workers whose time has come, soonest first."""
        workers: list[str] = []
        while self._heap and self._heap[0][0] <= now and len(workers) < limit:
            at, worker_id = heappop(self._heap)
            if self._at.get(worker_id) == at:
                del self._at[worker_id]
                workers.append(worker_id)
        return workers

    def next_at(self) -> datetime | None:
        """The soonest time, or None when nothing is waited for."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def _compact(self) -> None:
        """Keep replaced entries from outgrowing the live ones."""
        if len(self._heap) > 2 * len(self._at) + 64:
            self._heap = [(at, worker_id) for worker_id, at in self._at.items()]
            heapify(self._heap)
