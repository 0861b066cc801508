"""A topic played batch by batch, and the probes of a process that does nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from mode.supervisors import CrashingSupervisor
from prometheus_client import CollectorRegistry

from services.runtime import health
from services.runtime.batching.app import BatchApp
from services.runtime.batching.batch import Batch, BatchSchema

BEAT_SECONDS = 1.0


def play(app: BatchApp, name: str, topic: str, take: Callable[[Batch], Coroutine[Any, Any, None]]) -> None:
    """Have an agent take the topic's batches as they come, those of several partitions at once."""

    @app.agent(app.topic(topic, schema=BatchSchema()), name=name, supervisor_strategy=CrashingSupervisor)
    async def agent(stream: Any) -> None:
        async with asyncio.TaskGroup() as partitions:
            async for batch in stream.noack():
                partitions.create_task(take(batch))


@asynccontextmanager
async def probed(
    host: str, port: int, missing: Callable[[], Sequence[str]], registry: CollectorRegistry
) -> AsyncIterator[None]:
    """Probes and metrics of this process while its loop turns; none when the port is 0."""
    if port == 0:
        yield
        return
    heartbeat = health.Heartbeat()
    stop = health.serve(host, port, heartbeat, missing, registry)
    beating = asyncio.create_task(_beat(heartbeat))
    try:
        yield
    finally:
        beating.cancel()
        stop()


async def _beat(heartbeat: health.Heartbeat) -> None:
    while True:
        heartbeat.beat()
        await asyncio.sleep(BEAT_SECONDS)
