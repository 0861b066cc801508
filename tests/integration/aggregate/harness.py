"""An aggregate under test: its topics and database, worker processes to start and kill, and what came of it all."""

from __future__ import annotations

import asyncio
import sys
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faust.types import TP

from schemas.catalog import Catalog, catalog_json
from schemas.records import Record, record_adapter
from schemas.topic import topic_specs
from services.aggregate.topics import Names
from services.core.settle import routing_key
from services.runtime.batching.log_end import log_ends
from services.runtime.children import Child, spawn
from services.runtime.clickhouse import Client, connect
from services.runtime.kafka_admin import apply_topics
from services.runtime.ports import LOOPBACK, free_port
from tests.conftest import Broker

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 45.0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def body_of(record: Record) -> bytes:
    """The record as ingest puts it on the log."""
    return record_adapter.dump_json(record, by_alias=True, exclude_none=True, exclude_defaults=False)


@dataclass
class Setting:
    """One Stepwell of the test's own, as far as the aggregate sees it."""

    broker: Broker
    prefix: str
    clickhouse: str
    database: str
    folder: Path
    partitions: int = 4
    children: list[Child] = field(default_factory=list)
    ports: dict[int, int] = field(default_factory=dict)
    """Process id -> the port of its probes and metrics."""

    @property
    def names(self) -> Names:
        """Its topics."""
        return Names.under(self.prefix)

    def apply_topics(self) -> None:
        """Make its topics."""
        specs = [spec.model_copy(update={"name": self.prefix + spec.name}) for spec in topic_specs()]
        apply_topics(self.broker.bootstrap, replication=1, partitions=self.partitions, specs=specs)

    def start(self, name: str = "worker", **environment: str) -> Child:
        """A worker process; one of the same name finds the folder of the one before."""
        port = free_port()
        ours = {
            "PYTHONPATH": str(ROOT),
            "STEPWELL_METRICS_PORT": str(port),
            "STEPWELL_CLICKHOUSE": self.clickhouse,
            "STEPWELL_DATABASE": self.database,
            "STEPWELL_TOPIC_PREFIX": self.prefix,
            "STEPWELL_HOME": str(self.folder / name),
            "STEPWELL_LOG_LEVEL": "INFO",
            "STEPWELL_SESSION_SECONDS": "3" if self.broker.is_embedded else "6",
            **self.broker.environment(),
            **environment,
        }
        child = spawn(name, [sys.executable, "-m", "services.aggregate"], self.folder / f"{name}.log", ours)
        self.children.append(child)
        self.ports[child.pid] = port
        return child

    async def until_ready(self, child: Child) -> None:
        """Return when the worker says that it is."""

        async def is_so() -> bool:
            return await asyncio.to_thread(_answers, f"http://{LOOPBACK}:{self.ports[child.pid]}/readyz")

        await self.until(is_so)

    def stop(self) -> None:
        """End every worker that still runs."""
        for child in self.children:
            child.kill()

    async def send(self, records: Iterable[Record], copies: int = 1) -> None:
        """Put records on the log as ingest would, each that many times."""
        messages = [(routing_key(record).encode(), body_of(record)) for record in records for _ in range(copies)]
        await self.send_raw(self.names.records, messages)

    async def apply_catalog(self, catalog: Catalog) -> None:
        """Put a catalog in force."""
        await self.send_raw(self.names.catalog, [(catalog.id.encode(), catalog_json(catalog))])

    async def send_raw(self, topic: str, messages: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Send messages as they are."""
        producer = AIOKafkaProducer(bootstrap_servers=self.broker.bootstrap, linger_ms=5, max_request_size=8 << 20)
        await producer.start()
        try:
            await asyncio.gather(*[await producer.send(topic, value, key=key) for key, value in messages])
        finally:
            await producer.stop()

    async def messages(self, topic: str, partitions: int) -> list[Any]:
        """Everything that is on a topic now."""
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.broker.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            ends = await log_ends(self.broker.bootstrap, {TP(*place): 0 for place in places})
            consumer.assign(places)
            found: list[Any] = []
            while any([await consumer.position(place) < ends[TP(*place)] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found.extend(records)
            return found
        finally:
            await consumer.stop()

    async def latest(self, topic: str, partitions: int | None = None) -> Mapping[bytes, bytes]:
        """The newest message of every key of a compacted topic, without those that are deleted."""
        newest = {message.key: message.value for message in await self.messages(topic, partitions or self.partitions)}
        return {key: value for key, value in newest.items() if value is not None}

    def client(self) -> Client:
        """A client on the database."""
        return connect(self.clickhouse, self.database)

    async def query(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""

        def run() -> list[tuple[Any, ...]]:
            client = self.client()
            try:
                return [tuple(row) for row in client.query(sql, parameters=parameters).result_rows]
            finally:
                client.close()

        return await asyncio.to_thread(run)

    async def count(self, sql: str) -> int:
        """The first number of a query."""
        return int((await self.query(sql))[0][0])

    async def until(self, is_so: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
        """Return when it is so, or after a long while all the same: the assertion that follows tells."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await is_so():  # noqa: ASYNC110 - what is waited for happens in another process
                    await asyncio.sleep(0.2)

    async def until_counted(self, sql: str, least: int) -> int:
        """The number that a query gives, once it is at least that."""

        async def is_so() -> bool:
            return await self.count(sql) >= least

        await self.until(is_so)
        return await self.count(sql)


def daily(records: Iterable[Record]) -> Counter[tuple[str, str | None, str]]:
    """What the daily rollup must say: different records by day of receipt, source and kind."""
    seen = {record.record_id: record for record in records}
    return Counter((str(one.received_at.date()), one.source, one.kind) for one in seen.values() if one.received_at)
