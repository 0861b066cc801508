"""Plays the credentials topic into its table: every credential as it was sent, under the digest that records name.

The table outlives the topic, so that what a record rests on can be verified again when keys, registries and status
lists are others. A batch that is written twice changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import structlog

from services.runtime.batching.batch import Batch
from services.runtime.batching.taking import take
from services.runtime.clickhouse import Client, unavailable
from services.runtime.cloudevents import attribute, texts
from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)
COLUMNS = ("digest", "content", "media_type", "source", "received_at", "version")


class OriginalKeeper:
    """Keeps the table. `connect` is called in a thread when the first batch comes."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None

    async def process(self, batch: Batch) -> None:
        """Write one batch, however long ClickHouse takes; give it up once it is no longer ours."""
        rows = list(rows_of(batch.records))

        def waits(error: Unavailable, _: float) -> None:
            log.warning("credentials_wait", partition=batch.tp.partition, detail=str(error))

        await take(batch, lambda: asyncio.to_thread(self._write, rows), waits)

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        self._client = self._client or self._connect()
        with unavailable():
            if rows:
                self._client.insert("credentials", rows, column_names=list(COLUMNS))


def rows_of(messages: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of messages of the credentials topic; what is none of ours is left out."""
    for message in messages:
        headers = texts(message.headers)
        digest, source, time = (attribute(headers, name) for name in ("id", "source", "time"))
        if digest is None or time is None or not message.value:
            log.warning("credential_unreadable", offset=message.offset)
            continue
        received_at = datetime.fromisoformat(time)
        version = int(received_at.timestamp() * 1_000_000)
        yield digest, message.value, headers.get("content-type", ""), source or "", received_at, version
