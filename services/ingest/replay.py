"""A replay as a whole: clients made, pages read, records published, clients let go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.catalog import catalog_from_json
from schemas.records import Record
from services.core.mappings import mappings_of_all
from services.ingest.intake import Intake, Sender
from services.ingest.intake_parts import intake_on
from services.ingest.lrs.replaying import gained, kept_statements
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.runtime.clickhouse import Client, connect, unavailable
from services.runtime.producer import Producer

CATALOGS = "SELECT document FROM catalogs FINAL ORDER BY catalog_id"


@dataclass(frozen=True, slots=True)
class Replay:
    """Where a replay reads and publishes."""

    kafka: str
    clickhouse: str
    database: str


class Done(NamedTuple):
    """What a replay did."""

    statements: int
    records: int
    published: int


async def replayed(where: Replay, source: str, *, is_trial: bool = False) -> Done:
    """Read all statements of a source ("": of all) and publish what they have become.

    Raises: Unavailable.
    """
    # any broker will do: what is published twice changes nothing, so nothing is lost without idempotence
    settings = Settings(kafka=where.kafka, clickhouse=where.clickhouse, database=where.database, embedded=True)
    client = await asyncio.to_thread(connect, where.clickhouse, where.database)
    producer = Producer(settings.producer("stepwell-replay"))
    await producer.start()
    try:
        return await _pages(client, intake_on(producer, settings, Metrics()), source, is_trial=is_trial)
    finally:
        await producer.stop()
        client.close()


async def _pages(client: Client, intake: Intake, source: str, *, is_trial: bool) -> Done:
    with unavailable():
        documents = (await asyncio.to_thread(client.query, CATALOGS)).result_rows
    mappings = mappings_of_all(catalog_from_json(document) for (document,) in documents)
    pages, statements, records = kept_statements(client, source), 0, 0
    while mappings and (page := await asyncio.to_thread(next, pages, None)):
        found = list(gained(page, mappings))
        statements, records = statements + len(page), records + len(found)
        if not is_trial:
            await _publish(intake, found)
    return Done(statements, records, 0 if is_trial else records)


async def _publish(intake: Intake, found: Sequence[tuple[str, Record]]) -> None:
    by_source: dict[str, list[Record]] = {}
    for tenant, record in found:
        by_source.setdefault(tenant, []).append(record)
    for tenant, records in by_source.items():
        sender = Sender(tenant, "xapi", lambda _kind: True, "replay")
        await intake.publish(intake.settled(enumerate(records), sender), sender)
