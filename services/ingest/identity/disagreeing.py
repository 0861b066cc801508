"""How many accounts are in question: counted now and then, for the metric that tells somebody to look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.core.people import conflicts
from services.ingest.metrics import Metrics
from services.ingest.queries import sql
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Unavailable
from services.runtime.links import stored_links

log = structlog.get_logger(__name__)
EVERY_SECONDS = 30.0


class Counting:
    """Counts conflicts; links are read again only when there are other ones. Blocking: to be called in a thread."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._seen: object = None
        self._found = 0

    def count(self) -> int:
        """The conflicts that there are.

        Raises: Unavailable.
        """
        self._client = self._client or self._connect()
        with unavailable():
            seen = self._client.query(sql("links_seen")).result_rows
        if seen != self._seen:
            self._found = len(conflicts(stored_links(self._client)))
            self._seen = seen
        return self._found


async def watch_conflicts(metrics: Metrics, connect: Callable[[], Client]) -> None:
    """Keep the metric up to date until cancelled."""
    counting = Counting(connect)
    while True:
        try:
            metrics.link_conflicts.set(await asyncio.to_thread(counting.count))
        except Unavailable as error:
            log.info("conflicts_not_counted", detail=str(error))
        await asyncio.sleep(EVERY_SECONDS)
