"""Builds the inbox: a Faust app on the batch transport, the producer that it publishes with, and its probes."""

from __future__ import annotations

import asyncio
from functools import partial
from time import time_ns
from typing import NamedTuple

from services.ingest.identity.disagreeing import watch_conflicts
from services.ingest.identity.erasing import Eraser
from services.ingest.identity.keeping import Keeper
from services.ingest.identity.keeping import Tables as IdentityTables
from services.ingest.identity.key import watched
from services.ingest.identity.table import IdentityTable
from services.ingest.inbox.agent import process
from services.ingest.inbox.statements import Posting
from services.ingest.intake import Intake
from services.ingest.intake_parts import intake_on, key_on
from services.ingest.lrs.arriving import Reader
from services.ingest.lrs.inserting import Inserting
from services.ingest.lrs.reading import Reading
from services.ingest.lrs.writer import Tables, Writer
from services.ingest.meanings_follower import MeaningsInForce, following
from services.ingest.metrics import Metrics
from services.ingest.originals import OriginalKeeper
from services.ingest.refused.forgetting import purges
from services.ingest.refused.keeping import RefusalKeeper, RefusalTable
from services.ingest.settings import Settings
from services.runtime.batching.app import EMBEDDED_TIMES, BatchApp, Batching, build_app
from services.runtime.batching.forming import FormingRules
from services.runtime.batching.playing import play, probed
from services.runtime.batching.runner import StopSignal, serve
from services.runtime.clickhouse import Client, connect
from services.runtime.epochs import current_epoch
from services.runtime.producer import Producer

PATIENCE_SECONDS = 4.0
"""How long the logs wait to be played until the mappings are known; short enough to be stopped meanwhile."""
MAX_MESSAGES = 200
"""The most messages at once: one may hold a request of five megabytes."""


class Keepers(NamedTuple):
    """What plays topics into tables: xAPI's, who is behind pseudonyms, what was refused, credentials as sent."""

    xapi: Writer
    identities: Keeper
    refusals: RefusalKeeper
    originals: OriginalKeeper


def inbox_app(settings: Settings, intake: Intake, keepers: Keepers) -> BatchApp:
    """The Faust app: an agent on the inbox topic, and one for each topic that is kept in tables."""
    app = build_app(
        settings.inbox_group,
        Batching(settings.kafka, FormingRules(MAX_MESSAGES), log_ends_by_fetch=settings.embedded),
        data_folder=settings.home / "inbox",
        times=EMBEDDED_TIMES if settings.embedded else None,
    )

    readers = (Reader(settings.home_page, is_version_2=False), Reader(settings.home_page, is_version_2=True))
    posting = Posting(settings.xapi_topic, readers)

    play(app, "inbox", settings.inbox_topic, lambda batch: process(batch, intake, posting))
    play(app, "xapi", settings.xapi_topic, keepers.xapi.process)
    play(app, "identities", settings.identities_topic, keepers.identities.process)
    play(app, "refusals", settings.rejected_topic, keepers.refusals.process)
    play(app, "originals", settings.credentials_topic, keepers.originals.process)
    return app


async def run(settings: Settings) -> int:
    """Run the inbox until a signal or a crash; the process's exit code."""
    stop = StopSignal()
    producer = Producer(settings.producer("stepwell-inbox"))
    metrics = Metrics()
    meanings = MeaningsInForce()
    key = key_on(settings)
    intake = intake_on(producer, settings, metrics, meanings, key)
    await producer.start()
    try:
        app = inbox_app(settings, intake, keepers_on(settings, intake))

        def missing() -> list[str]:
            return [] if app.is_reading else ["partitions of the inbox"]

        async with (
            probed(settings.host, settings.metrics_port, missing, metrics.registry),
            following(meanings, settings.kafka, settings.catalog_topic, patience_seconds=PATIENCE_SECONDS),
            watched(key),
        ):
            looking = asyncio.create_task(watch_conflicts(metrics, partial(_client, settings)))
            try:
                return await serve(app, stop)
            finally:
                looking.cancel()
    finally:
        await producer.stop()


def _client(settings: Settings) -> Client:
    return connect(settings.clickhouse, settings.database)


def keepers_on(settings: Settings, intake: Intake) -> Keepers:
    """The keepers that the settings describe; they connect when their first batch comes."""

    def identity_tables() -> IdentityTables:
        client = _client(settings)
        table = IdentityTable(client)
        return IdentityTables(table, Eraser(client, table, intake.identity))

    def refusal_table() -> RefusalTable:
        return RefusalTable(_client(settings))

    return Keepers(
        Writer(partial(_tables, settings), intake, _microseconds),
        Keeper(identity_tables, intake, partial(purges, settings.kafka, settings.rejected_topic)),
        RefusalKeeper(refusal_table),
        OriginalKeeper(partial(_client, settings)),
    )


def _tables(settings: Settings) -> Tables:
    """The xAPI store's tables. Raises: Unavailable."""
    client = connect(settings.clickhouse, settings.database)
    reading = Reading(lambda: connect(settings.clickhouse, settings.database))
    return Tables(reading, Inserting(client), current_epoch(client, settings.xapi_topic))


def _microseconds() -> int:
    return time_ns() // 1000
