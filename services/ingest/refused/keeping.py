"""Plays the rejected topic into the table of refusals, batch by batch.

Order matters: rows before what is said of them, since a batch may hold a refusal and, later, that it was sent back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.ingest.queries import sql
from services.ingest.refused.rows import COLUMNS, Told, told
from services.runtime.batching.batch import Batch
from services.runtime.batching.taking import take
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)


class RefusalTable:
    """The table, by a client of its own. Blocking: to be called in a thread."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, news: Told) -> None:
        """Write what a batch tells. Doing it twice changes nothing.

        Raises: Unavailable.
        """
        with unavailable():
            if news.rows:
                self._client.insert("refusals", news.rows, column_names=list(COLUMNS))
            if news.redriven:
                self._client.command(sql("refusals_redriven"), parameters={"places": news.redriven})
            if news.purged:
                self._client.command(sql("refusals_purged"), parameters={"ids": [str(each) for each in news.purged]})


class RefusalKeeper:
    """Keeps the table. `connect` is called in a thread when the first batch comes."""

    def __init__(self, connect: Callable[[], RefusalTable]) -> None:
        self._connect = connect
        self._table: RefusalTable | None = None

    async def process(self, batch: Batch) -> None:
        """Write one batch, however long ClickHouse takes; give it up once it is no longer ours."""
        news = told(batch.records)

        def waits(error: Unavailable, _: float) -> None:
            log.warning("refusals_wait", partition=batch.tp.partition, detail=str(error))

        await take(batch, lambda: asyncio.to_thread(self._write, news), waits)

    def _write(self, news: Told) -> None:
        if self._table is None:
            self._table = self._connect()
        self._table.write(news)
