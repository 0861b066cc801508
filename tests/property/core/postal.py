"""A post office for worker states: messages wait, arrive in any order, twice, or in a crash; in the end all arrived.

Harsher than Kafka, which keeps each partition's order: what converges here converges there.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from services.core.branches import Absorb
from services.core.holdings import Holdings, gathered
from services.core.people import NOBODY, WorkerState, effective, is_forwarded, onward, told
from services.core.settle import routing_key


class PostOffice:
    """Delivers records, and the absorb messages they lead to, to the states of the ids they concern."""

    def __init__(self, records: Iterable[Any], random: Random) -> None:
        self.states: dict[str, WorkerState] = {}
        self._random = random
        self._waiting: list[tuple[str, Any]] = [(routing_key(record), record) for record in records]
        self._mishaps_left = 12

    def run(self) -> None:
        """Deliver until nothing waits."""
        while self._waiting:
            self._deliver_some()

    def shown(self) -> dict[str, Holdings]:
        """Worker -> holdings, of all who are not forwarded to somebody else."""
        return {
            worker_id: effective(worker_id, state)
            for worker_id, state in self.states.items()
            if not is_forwarded(worker_id, state)
        }

    def _deliver_some(self) -> None:
        worker_id = self._random.choice(self._waiting)[0]
        mail = [what for to, what in self._waiting if to == worker_id]
        batch = self._random.sample(mail, self._random.randint(1, len(mail)))
        mishap = self._mishap()
        if mishap == "none":
            self._waiting = [item for item in self._waiting if not any(item[1] is what for what in batch)]
        state = self._process(worker_id, batch)
        if mishap != "crash":
            self.states[worker_id] = state

    def _process(self, worker_id: str, batch: list[Any]) -> WorkerState:
        absorbs = [what for what in batch if isinstance(what, Absorb)]
        records = [what for what in batch if not isinstance(what, Absorb)]
        links = [record for record in records if record.kind == "link"]
        news = gathered(records)
        state = told(self.states.get(worker_id, NOBODY), news, links, absorbs)
        self._waiting += onward(worker_id, state, news, links, absorbs)
        return state

    def _mishap(self) -> str:
        """A crash sends but stores nothing; a repeat stores and is delivered again."""
        mishap = self._random.choice(["none", "none", "crash", "repeat"])
        if mishap != "none":
            self._mishaps_left -= 1
        return mishap if self._mishaps_left >= 0 else "none"
