"""Watching records become queryable while they are sent: the first one, the progress, and when to break something."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.runtime.errors import Unavailable

FIRST_POLL_SECONDS = 0.05
POLL_SECONDS = 0.4
_QUERYABLE = "SELECT uniqExact(record_id) FROM records"


@dataclass(slots=True)
class Killer:
    """Kills -9 aggregate workers, `times` times, spread over a run of about `records` records."""

    pid_of: Callable[[str], int]
    names: tuple[str, ...]
    times: int
    records: int
    on_kill: Callable[[str], None]
    killed: list[str] = field(default_factory=list)

    def look(self, queryable: int) -> None:
        """Kill the next one if it is time."""
        due = self.records * (len(self.killed) + 1) / (self.times + 1)
        if len(self.killed) < self.times and queryable >= due:
            name = self.names[len(self.killed) % len(self.names)]
            os.kill(self.pid_of(name), signal.SIGKILL)
            self.killed.append(name)
            self.on_kill(name)


@dataclass(slots=True)
class Watch:
    """Polls ClickHouse, in a thread, until cancelled. `on_first` is called once, `on_count` with every count."""

    client: Any
    on_first: Callable[[], None]
    on_count: Callable[[int], None]
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Count the records that can be queried, over and over."""
        while True:
            count = await asyncio.to_thread(self._count)
            if count and not self.first.is_set():
                self.first.set()
                self.on_first()
            self.on_count(count)
            await asyncio.sleep(POLL_SECONDS if self.first.is_set() else FIRST_POLL_SECONDS)

    def _count(self) -> int:
        try:
            return int(self.client.query(_QUERYABLE).result_rows[0][0])
        except Unavailable:
            return 0
