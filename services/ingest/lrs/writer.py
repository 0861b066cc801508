"""Plays the log into ClickHouse, batch by batch, and sends on what the statements mean as learning records.

Order matters: outcomes and ids come first, since they are what a repetition recognises its own work by; then the rows;
then the records; last of all the mark that tells readers how far the tables are, and only then may the log move on. A
crash anywhere repeats the batch and changes nothing that was there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from schemas.records import Record
from services.ingest.intake import Intake
from services.ingest.lrs.deciding import (
    Deciding,
    Rows,
    named_activities,
    named_documents,
    named_statements,
)
from services.ingest.lrs.frames import Frame, read_frame
from services.ingest.lrs.inserting import Inserting
from services.ingest.lrs.meaning import meaning_of, refusal_of
from services.ingest.lrs.reading import Reading
from services.runtime.batching.batch import Batch
from services.runtime.batching.taking import take
from services.runtime.epochs import row_version
from services.runtime.errors import Unavailable
from services.runtime.producer import Message

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tables:
    """ClickHouse, connected, and the epoch that the log is in."""

    reading: Reading
    inserting: Inserting
    epoch: int


class Writer:
    """Writes batches. `connect` is called in a thread when the first one comes; `clock`: microseconds since 1970."""

    def __init__(self, connect: Callable[[], Tables], intake: Intake, clock: Callable[[], int]) -> None:
        self._connect = connect
        self._tables: Tables | None = None
        self._intake = intake
        self._clock = clock
        self._stored_through: dict[int, int] = {}

    async def process(self, batch: Batch) -> None:
        """Write one batch, however long ClickHouse and Kafka take; give it up once it is no longer ours."""

        def waits(error: Unavailable, _: float) -> None:
            log.warning("xapi_writer_waits", partition=batch.tp.partition, detail=str(error))

        await take(batch, lambda: self._write(batch), waits)

    async def _connected(self) -> Tables:
        if self._tables is None:
            self._tables = await asyncio.to_thread(self._connect)
        return self._tables

    async def _write(self, batch: Batch) -> None:
        tables = await self._connected()
        frames = list(_frames(batch, tables.epoch))
        partition = batch.tp.partition
        past = await asyncio.to_thread(
            tables.reading.past, named_statements(frames), named_documents(frames), named_activities(frames)
        )
        deciding = Deciding(past, max(self._clock(), self._stored_through.get(partition, 0)))
        for frame in frames:
            deciding.take(frame)
        rows = deciding.finish()
        insert = partial(_insert_all, tables.inserting)
        await insert({"xapi_outcomes": rows.outcomes, "xapi_statement_ids": rows.ids})
        await insert(
            {
                "xapi_statements": rows.statements,
                "xapi_attachments": rows.attachments,
                "xapi_activities": rows.activities,
                "xapi_documents": rows.documents,
            }
        )
        await self._send_on(rows)
        mark = (tables.epoch, partition, batch.last + 1, deciding.stored_through)
        await insert({"xapi_progress": [mark]})
        self._stored_through[partition] = deciding.stored_through

    async def _send_on(self, rows: Rows) -> None:
        messages: list[Message] = []
        published: list[Record] = []
        for taken in rows.taken:
            records, message = meaning_of(taken, self._intake)
            published.extend(records)
            messages.extend(message)
        messages.extend(refusal_of(each, self._intake) for each in rows.refused)
        if messages:
            await self._intake.producer.publish(messages)
            self._intake.metrics.published(published, "xapi")
            self._intake.metrics.refused.labels("conflict", "xapi").inc(len(rows.refused))


async def _insert_all(inserting: Inserting, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    inserts = [asyncio.to_thread(inserting.insert, table, rows) for table, rows in tables.items() if rows]
    await asyncio.gather(*inserts)


def _frames(batch: Batch, epoch: int) -> Iterable[Frame]:
    for record in batch.records:
        version = row_version(epoch, record.offset)
        try:
            yield read_frame(record.key, record.value, record.headers, version)
        except ValueError as error:
            log.warning("xapi_frame_unreadable", offset=record.offset, error=str(error))
