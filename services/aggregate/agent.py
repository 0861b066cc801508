"""The Faust side of the aggregate: one agent, one table, and what goes on beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from mode.supervisors import CrashingSupervisor

from services.runtime.batching.app import BatchApp
from services.runtime.batching.batch import Batch, BatchSchema


def add_agent(app: BatchApp, topic: str, process: Callable[[Batch], Coroutine[Any, Any, None]]) -> None:
    """Give every batch of the topic to `process`, partitions side by side.

    When it raises, the worker crashes with the batch uncommitted: Faust's default is to go on with the next.
    """

    async def aggregate(batches: Any) -> None:
        async with asyncio.TaskGroup() as group:
            async for batch in batches.noack():
                group.create_task(process(batch))

    app.agent(app.topic(topic, schema=BatchSchema()), supervisor_strategy=CrashingSupervisor)(aggregate)
