"""A whole aggregate worker and its life: what is started when, what readiness waits for, what is closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from services.aggregate.catalog import CatalogInForce
from services.aggregate.log import Log
from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partitions
from services.aggregate.reevaluation import Reevaluation
from services.aggregate.settings import AggregateSettings
from services.runtime import health
from services.runtime.batching.app import BatchApp
from services.runtime.batching.runner import StopSignal, serve
from services.runtime.batching.table import BatchTable
from services.runtime.clickhouse import Client
from services.runtime.follower import follow
from services.runtime.ports import LOOPBACK
from services.runtime.producer import Producer

BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Worker:
    """Everything that runs in one process."""

    settings: AggregateSettings
    log: Log
    app: BatchApp
    table: BatchTable
    partitions: Partitions
    catalog: CatalogInForce
    reevaluation: Reevaluation
    producer: Producer
    client: Client
    metrics: Metrics

    async def run(self, stop: StopSignal) -> int:
        """Work until asked to stop or crashed; the exit code."""
        self._connect_hooks()
        await self.producer.start()
        try:
            with self._probes() as heartbeat:
                beating = asyncio.create_task(self._beat(heartbeat))
                try:
                    return await serve(self.app, stop)
                finally:
                    beating.cancel()
        finally:
            await self.producer.stop()
            await asyncio.to_thread(self.client.close)

    def _connect_hooks(self) -> None:
        """Run beside the app what belongs to it; an error in any of it crashes the worker."""
        self.table.on_recover(self.partitions.renew)
        self.app.on_partitions_revoked.connect(self._rest)
        self.app.task(self._follow_catalog)
        self.app.task(self.reevaluation.run)

    async def _rest(self, *_: Any, **__: Any) -> None:
        """Before partitions are given up, no re-evaluation may still be writing."""
        await self.partitions.come_to_rest()

    async def _follow_catalog(self) -> None:
        await self.catalog.follow(follow(self.settings.kafka, self.log.names.catalog))

    @contextmanager
    def _probes(self) -> Iterator[health.Heartbeat]:
        heartbeat = health.Heartbeat()
        if not self.settings.metrics_port:
            yield heartbeat
            return
        port = self.settings.metrics_port
        stop = health.serve(LOOPBACK, port, heartbeat, self._missing, self.metrics.registry)
        try:
            yield heartbeat
        finally:
            stop()

    async def _beat(self, heartbeat: health.Heartbeat) -> None:
        while True:
            heartbeat.beat()
            self.metrics.partitions.set(len(self.partitions))
            self.metrics.stacks.set(len(self.catalog.compiled.stacks))
            if self.partitions:
                self.metrics.backlog.set(sum(self.app.batch_consumer.backlog().values()))
            await asyncio.sleep(BEAT_SECONDS)

    def _missing(self) -> list[str]:
        """What a ready worker would have. A worker beyond the number of partitions is ready without any."""
        missing = []
        if not (self.app.is_reading and self.partitions.are_known):
            missing.append("partitions")
        if not self.catalog.is_read.is_set():
            missing.append("catalog")
        return missing
