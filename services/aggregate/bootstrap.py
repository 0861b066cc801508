"""Puts an aggregate worker together: settings -> clients -> Faust app, and what runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from faust.types import TP
from prometheus_client import CollectorRegistry

from services.aggregate.agent import add_agent
from services.aggregate.catalog import CatalogInForce
from services.aggregate.effects import Effects
from services.aggregate.intents import Intents
from services.aggregate.limits import RefusalRule, RefusalWatch
from services.aggregate.log import Log
from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partitions
from services.aggregate.processor import Processor
from services.aggregate.reevaluation import Reevaluation
from services.aggregate.retry import until_done
from services.aggregate.settings import AggregateSettings
from services.aggregate.sink import Sink
from services.aggregate.topics import TABLE, Names
from services.aggregate.worker import Worker
from services.runtime.batching.app import EMBEDDED_TIMES, BatchApp, Batching, GroupTimes, build_app
from services.runtime.batching.forming import FormingRules
from services.runtime.batching.partitions import partition_count
from services.runtime.batching.stores import MemoryStore, Store
from services.runtime.batching.table import BatchTable
from services.runtime.clickhouse import Client, connect_writer
from services.runtime.epochs import current_epoch
from services.runtime.producer import Producer, ProducerSettings

T = TypeVar("T")
PUBLISH_SECONDS = 30.0


async def assemble(settings: AggregateSettings) -> Worker:
    """A worker, once ClickHouse and the records topic are there: waits for them, however long it takes."""
    metrics = Metrics(CollectorRegistry())
    names = Names.under(settings.topic_prefix)
    client = await _awaited("clickhouse", metrics, lambda: asyncio.to_thread(_connect, settings))
    epoch = await _awaited("epoch", metrics, lambda: asyncio.to_thread(current_epoch, client, names.records))
    count = await _awaited("topics", metrics, lambda: partition_count(settings.kafka, names.records))
    return _built(settings, metrics, client, Log(names, epoch, count))


async def _awaited(what: str, metrics: Metrics, attempt: Callable[[], Awaitable[T]]) -> T:
    return await until_done(what, attempt, asyncio.sleep, metrics.retried)


def _connect(settings: AggregateSettings) -> Client:
    return connect_writer(settings.clickhouse, settings.database)


def _built(settings: AggregateSettings, metrics: Metrics, client: Client, log: Log) -> Worker:
    intents, catalog = Intents(client, log.epoch), CatalogInForce()
    app = _app(settings, log, intents, metrics)
    table = BatchTable(app, name=TABLE, partitions=log.partitions, store=_store(settings, log))
    app.tables.add(table)
    rule = RefusalRule(settings.rejected_ratio_limit, settings.rejected_window_records)
    partitions = Partitions(table, partial(RefusalWatch, rule), settings.cached_workers)
    producer = Producer(_producer_settings(settings, log))
    effects = Effects(Sink(client), producer, metrics)
    processor = Processor(log, partitions, catalog, intents, effects, metrics, _now)
    reevaluation = Reevaluation(
        log=log,
        partitions=partitions,
        catalog=catalog,
        effects=effects,
        metrics=metrics,
        now=_now,
        committed=lambda number: app.batch_consumer.completed_to(log.names.records, number),
        backlog=lambda number: app.batch_consumer.backlog().get(TP(log.names.records, number), 0),
        is_suspended=lambda: bool(app.rebalancing),
        is_owned=partial(_is_owned, app),
        per_second=settings.reevaluations_per_second,
    )
    add_agent(app, log.names.records, processor.process)
    return Worker(settings, log, app, table, partitions, catalog, reevaluation, producer, client, metrics)


def _producer_settings(settings: AggregateSettings, log: Log) -> ProducerSettings:
    """A batch that is decided holds up the loop, and with it the acknowledgements: be patient."""
    return ProducerSettings(
        bootstrap=settings.kafka,
        is_idempotent=not settings.embedded,
        client_id=log.names.group,
        deadline_seconds=PUBLISH_SECONDS,
        request_timeout_seconds=PUBLISH_SECONDS,
    )


def _app(settings: AggregateSettings, log: Log, intents: Intents, metrics: Metrics) -> BatchApp:
    batching = Batching(
        bootstrap=settings.kafka,
        rules=FormingRules(settings.batch_max_records, settings.batch_linger_seconds),
        cuts=lambda topic, number, first: _awaited(
            "announced", metrics, lambda: intents.announced(topic, number, first)
        ),
        log_ends_by_fetch=settings.embedded,
    )
    return build_app(log.names.group, batching, data_folder=settings.home / "aggregate", times=_times(settings))


def _times(settings: AggregateSettings) -> GroupTimes:
    times = EMBEDDED_TIMES if settings.embedded else GroupTimes()
    if settings.session_seconds is None:
        return times
    heartbeat = min(times.heartbeat_seconds, settings.session_seconds / 3)
    return replace(times, session_seconds=settings.session_seconds, heartbeat_seconds=heartbeat)


def _store(settings: AggregateSettings, log: Log) -> Store:
    if settings.store == "memory":
        return MemoryStore()
    from services.runtime.batching.rocks import RocksStore  # noqa: PLC0415 - rocksdict is an optional dependency

    return RocksStore(_folder(settings, log))


def _folder(settings: AggregateSettings, log: Log) -> Path:
    """A log made anew starts without the holdings of the one before."""
    return settings.home / "aggregate" / f"epoch-{log.epoch}"


async def _is_owned(app: BatchApp, since: float) -> bool:
    return await app.batch_consumer.is_owned(since)


def _now() -> datetime:
    return datetime.now(UTC)
