"""Builds the verification stage: a Faust app on the batch transport, its producer, its schedule and its probes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic

import structlog

from services.ingest.intake import Intake
from services.ingest.intake_parts import intake_on
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Fetch, fetched, offline
from services.ingest.verify.stage.checking import Checking
from services.ingest.verify.stage.remembering import Remembering
from services.ingest.verify.stage.stage import Stage
from services.ingest.verify.stage.table import CheckTable
from services.ingest.verify.tables import Tables
from services.runtime.batching.app import EMBEDDED_TIMES, BatchApp, Batching, build_app
from services.runtime.batching.forming import FormingRules
from services.runtime.batching.playing import play, probed
from services.runtime.batching.runner import StopSignal, serve
from services.runtime.clickhouse import connect
from services.runtime.errors import Unavailable
from services.runtime.producer import Producer

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.2
RULES = FormingRules(max_records=250, linger_seconds=0.5)
"""The most credentials at once: each may take a second, and a batch is what is done again after a crash. Fewer and
larger batches, so that their records do not come to the aggregate and its tables in crumbs, between those that wait."""


async def run(settings: Settings, fetch: Fetch | None = None, when_reading: Callable[[], None] = lambda: None) -> int:
    """Run the stage until a signal or a crash; the process's exit code.

    `fetch` is for who has documents elsewhere; `when_reading` is called once it has its partitions.
    """
    stop = StopSignal()
    producer = Producer(settings.producer("stepwell-verify"))
    metrics = Metrics()
    fetch = fetch or (fetched if settings.verify_fetches else offline)
    stage = stage_on(settings, intake_on(producer, settings, metrics), fetch)
    await producer.start()
    try:
        app = stage_app(settings, stage)

        def missing() -> list[str]:
            return [] if app.is_reading else ["partitions of the credentials"]

        async with probed(settings.host, settings.metrics_port, missing, metrics.registry):
            beside = [check_again(app, stage, settings), _once_reading(app, when_reading)]
            tasks = [asyncio.create_task(each) for each in beside]
            try:
                return await serve(app, stop)
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        stage.checking.canonicaliser.close()
        await producer.stop()


def stage_on(settings: Settings, intake: Intake, fetch: Fetch) -> Stage:
    """The stage that the settings describe; it connects when its first batch comes."""
    tables = Tables(settings)
    remembering = Remembering(fetch, settings.verify_recheck_seconds, monotonic)
    checking = Checking(remembering, AtHand(tables.load), tables.note, Canonicaliser(is_idle=True))
    restate_after = timedelta(hours=settings.verify_restate_hours)
    return Stage(intake, checking, partial(_table, settings), restate_after)


def stage_app(settings: Settings, stage: Stage) -> BatchApp:
    """The Faust app: one agent, on the credentials topic."""
    app = build_app(
        settings.verify_group,
        Batching(settings.kafka, RULES, log_ends_by_fetch=settings.embedded),
        data_folder=settings.home / "verify",
        times=EMBEDDED_TIMES if settings.embedded else None,
    )
    play(app, "credentials", settings.credentials_topic, stage.process)
    return app


async def check_again(app: BatchApp, stage: Stage, settings: Settings) -> None:
    """Check what is kept again and again, in the one of several stages that has the first partition; never returns."""
    while True:
        await asyncio.sleep(settings.verify_recheck_seconds)
        if not (app.is_reading and any(tp.partition == 0 for tp in app.batch_consumer.assignment())):
            continue
        try:
            news = await stage.sweep()
        except Unavailable as error:
            log.warning("checking_again_waits", detail=str(error))
        else:
            log.info("checked_again", changed=news)


async def _once_reading(app: BatchApp, then: Callable[[], None]) -> None:
    while not app.is_reading:  # noqa: ASYNC110 - a consumer of Faust tells nobody when it has settled
        await asyncio.sleep(LOOK_SECONDS)
    then()


def _table(settings: Settings) -> CheckTable:
    return CheckTable(connect(settings.clickhouse, settings.database))
