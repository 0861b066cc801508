"""The meanings in force: follows `stepwell.catalog.v1` and compiles the mappings that are there.

Only mappings are read of a catalog, so that one whose stacks do not compile still says what ids mean. Before the first
reading, and while Kafka is away, what is known stays known: a mapped video may then be left out, nothing else. Who
plays a backlog waits for the first reading (`patience_seconds`), but not for ever: a log that is away stops nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from pydantic import ValidationError

from schemas.catalog import Catalog, catalog_from_json
from services.core.mappings import mappings_of_all
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.runtime.background import keep_going
from services.runtime.follower import Update, follow

log = structlog.get_logger(__name__)


class MeaningsInForce:
    """What the catalogs say of other systems' ids, kept up to date."""

    def __init__(self) -> None:
        self._catalogs: dict[bytes, Catalog] = {}
        self._current = EMPTY_MEANINGS
        self._was_read = asyncio.Event()

    def current(self) -> Meanings:
        """The meanings now."""
        return self._current

    def take(self, update: Update) -> None:
        """Take in one update; nothing changes before all that was on the topic has been read."""
        for key, text in update.entries.items():
            catalog = None if text is None else _readable(key, text)
            if catalog is not None:
                self._catalogs[key] = catalog
            elif text is None:
                self._catalogs.pop(key, None)
        if update.is_complete:
            self._current = mappings_of_all(self._catalogs.values())
            self._was_read.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until all catalogs have been read once, at most that long; whether they have been."""
        try:
            await asyncio.wait_for(self._was_read.wait(), seconds)
        except TimeoutError:
            log.warning("catalogs_not_read_yet", waited_seconds=seconds)
        return self._was_read.is_set()

    async def follow(self, updates: AsyncIterator[Update]) -> None:
        """Take in updates for as long as they come."""
        async for update in updates:
            self.take(update)


@asynccontextmanager
async def following(
    meanings: MeaningsInForce, kafka: str, topic: str, *, patience_seconds: float = 0.0
) -> AsyncIterator[None]:
    """Keep the meanings up to date in the background for as long as the context is open.

    It opens when they have been read once, or after `patience_seconds`.
    """
    task = asyncio.create_task(keep_going("meanings", lambda: meanings.follow(follow(kafka, topic))))
    try:
        if patience_seconds:
            await meanings.wait(patience_seconds)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _readable(key: bytes, text: bytes) -> Catalog | None:
    try:
        return catalog_from_json(text)
    except ValidationError as error:
        log.warning("catalog_unreadable", catalog_id=key.decode("utf-8", "replace"), error=str(error))
        return None
