"""The hub: tells open pages that their employer's data changed, asking ClickHouse once however many pages look.

One poll per watched employer reads that employer's pulse; a changed pulse is a beat. What a page shows at a beat is
worked out once and shared by all who look at the same page. Invariant: an employer nobody watches is not polled.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from services.dashboard.errors import TooMany
from services.dashboard.tenant import Tenant
from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)

Pulse = Callable[[Tenant], Awaitable[int]]


@dataclass(slots=True, eq=False)
class Watch:
    """One employer that is being watched."""

    beat: int = 0
    watchers: int = 0
    is_closed: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    pictures: dict[Hashable, tuple[int, asyncio.Future[Any]]] = field(default_factory=dict)
    poll: asyncio.Task[None] | None = None

    async def after(self, beat: int, timeout_seconds: float) -> int:
        """The newest beat once it is another than `beat`; a new one when the time is up, since time changes answers."""
        async with self.changed:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_seconds):
                    await self.changed.wait_for(lambda: self.beat != beat or self.is_closed)
            if self.beat == beat:
                self.beat += 1
            return self.beat

    async def advance(self) -> None:
        """One beat on."""
        async with self.changed:
            self.beat += 1
            self.changed.notify_all()

    async def close(self) -> None:
        """Let everyone who waits go on, to find the watch closed."""
        async with self.changed:
            self.is_closed = True
            self.changed.notify_all()

    async def picture(self, page: Hashable, draw: Callable[[], Awaitable[Any]]) -> Any:
        """What the page shows at this beat, worked out once and shared; what failed is tried anew.

        Raises: what `draw` raises.
        """
        self.pictures = {
            known: drawn for known, drawn in self.pictures.items() if drawn[0] == self.beat and _is_good(drawn[1])
        }
        if page not in self.pictures:
            task = asyncio.ensure_future(draw())
            task.add_done_callback(_is_good)
            self.pictures[page] = (self.beat, task)
        return await asyncio.shield(self.pictures[page][1])


class Hub:
    """Watches of all employers that have a page open."""

    def __init__(self, pulse: Pulse, interval_seconds: float, most_watchers: int) -> None:
        self._pulse = pulse
        self._interval_seconds = interval_seconds
        self._most_watchers = most_watchers
        self._watches: dict[Tenant, Watch] = {}

    @property
    def watchers(self) -> int:
        """Pages that are live now."""
        return sum(watch.watchers for watch in self._watches.values())

    @asynccontextmanager
    async def watching(self, tenant: Tenant) -> AsyncIterator[Watch]:
        """The employer's watch, kept going while at least one page is inside.

        Raises: TooMany when this employer has as many live pages as are allowed.
        """
        watch = self._watches.setdefault(tenant, Watch())
        if watch.watchers >= self._most_watchers:
            raise TooMany("too_many_streams", "Too many pages of this employer are live at once.")
        watch.watchers += 1
        if watch.poll is None:
            watch.poll = asyncio.create_task(self._poll(tenant, watch))
        try:
            yield watch
        finally:
            watch.watchers -= 1
            if not watch.watchers:
                watch.poll.cancel()
                self._watches.pop(tenant, None)

    async def close(self) -> None:
        """End every stream."""
        for watch in list(self._watches.values()):
            await watch.close()

    async def _poll(self, tenant: Tenant, watch: Watch) -> None:
        """A beat for each change of the pulse, and one when it cannot be read any more, so that pages say so soon."""
        mark: int | None = None
        is_away = False
        while True:
            try:
                found = await self._pulse(tenant)
            except Unavailable as error:
                if not is_away:
                    log.warning("pulse_not_read", what=error.what)
                    await watch.advance()
                is_away = True
            else:
                if mark is not None and found != mark:
                    await watch.advance()
                mark, is_away = found, False
            await asyncio.sleep(self._interval_seconds)


def _is_good(drawing: asyncio.Future[Any]) -> bool:
    """Whether it is being drawn, or was without failing. Asking also tells asyncio that the failure was heard of."""
    return not drawing.done() or (not drawing.cancelled() and drawing.exception() is None)
