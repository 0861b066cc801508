"""Watching records become queryable while they are sent, and breaking things in the middle of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from services.runtime.errors import Unavailable

FIRST_POLL_SECONDS = 0.05
POLL_SECONDS = 0.4
STRIKE_SECONDS = 60.0
"""Longest wait for the moment to strike."""
_QUERYABLE = "SELECT uniqExact(record_id) FROM records"


@dataclass(slots=True)
class Watch:
    """Polls ClickHouse, in a thread. `on_first` is called once, `on_count` with every count."""

    client: Any
    on_first: Callable[[], None]
    on_count: Callable[[int], None]
    count: int = 0
    """Records that could be queried at the last look."""
    _looked: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Within, it watches."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def grown(self, least: int) -> None:
        """Return as soon as more than `least` records can be queried.

        Raises:
            Unavailable: they never could.
        """
        try:
            async with asyncio.timeout(STRIKE_SECONDS), self._looked:
                await self._looked.wait_for(lambda: self.count > least)
        except TimeoutError as error:
            detail = f"nothing new became queryable in {STRIKE_SECONDS:g} s"
            raise Unavailable("the aggregate", detail) from error

    async def looked_again(self) -> None:
        """Return once a look that began after this call is done."""
        async with self._looked:
            await self._looked.wait()
            await self._looked.wait()

    async def _run(self) -> None:
        while True:
            before, self.count = self.count, await asyncio.to_thread(self._query)
            if self.count and not before:
                self.on_first()
            self.on_count(self.count)
            async with self._looked:
                self._looked.notify_all()
            await asyncio.sleep(POLL_SECONDS if self.count > before else FIRST_POLL_SECONDS)

    def _query(self) -> int:
        try:
            return int(self.client.query(_QUERYABLE).result_rows[0][0])
        except (ClickHouseError, HTTPError):
            return self.count


@dataclass(slots=True)
class Killer:
    """Kills -9 the named processes in turn, each when what was sent since the last is only partly queryable."""

    watch: Watch
    pid_of: Callable[[str], int]
    names: tuple[str, ...]
    on_kill: Callable[[str], None]
    killed: list[str] = field(default_factory=list)

    async def strike(self, queryable_before: int) -> None:
        """Kill the next one as soon as anything new is queryable, and wait until what it had written is counted.

        Raises:
            Unavailable: nothing new ever was.
        """
        await self.watch.grown(queryable_before)
        name = self.names[len(self.killed) % len(self.names)]
        os.kill(self.pid_of(name), signal.SIGKILL)
        self.killed.append(name)
        self.on_kill(name)
        await self.watch.looked_again()
