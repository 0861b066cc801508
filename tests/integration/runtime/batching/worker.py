"""A worker on the batch transport with the smallest real step: each key's state is the set of numbers seen under it.

Run as a process by the tests beside it, so that it can be killed. Arguments are one JSON object (see `Options`).
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import uvloop
from mode.supervisors import CrashingSupervisor
from pydantic import BaseModel

from services.runtime import logs
from services.runtime.batching.app import EMBEDDED_TIMES, Batching, GroupTimes, build_app
from services.runtime.batching.batch import Batch, BatchSchema, Withdrawn
from services.runtime.batching.forming import FormingRules
from services.runtime.batching.rocks import RocksStore
from services.runtime.batching.runner import StopSignal, serve
from services.runtime.batching.stores import MemoryStore, Store
from services.runtime.batching.table import BatchTable

APACHE_TIMES = GroupTimes(session_seconds=6.0, heartbeat_seconds=1.0, rebalance_seconds=10.0)

WORKED = "worked"
"""A file that a worker makes in its folder with its first batch."""


class Options(BaseModel):
    """What the worker is started with. `fail_once`: a file; while it is missing, make it and fail on the next batch."""

    bootstrap: str
    is_embedded: bool
    group: str
    topic: str
    partitions: int
    folder: Path
    store: str = "memory"
    fail_once: Path | None = None


def _store(options: Options) -> Store:
    return MemoryStore() if options.store == "memory" else RocksStore(options.folder / "rocks")


async def _merge(batch: Batch, table: BatchTable, options: Options) -> None:
    if options.fail_once is not None and not options.fail_once.exists():
        options.fail_once.touch()
        raise RuntimeError("this batch fails once")
    (options.folder / WORKED).touch()
    partition, seen = batch.tp.partition, {}
    for record in batch.records:
        if record.key not in seen:
            seen[record.key] = set(json.loads(table.value_of(partition, record.key) or b"[]"))
        seen[record.key].add(int(record.value))
    await asyncio.sleep(0.01)  # long enough to be killed in
    try:
        await batch.ensure_owned()
        await table.write(
            partition, batch.last, {key: json.dumps(sorted(numbers)).encode() for key, numbers in seen.items()}
        )
    except Withdrawn:
        batch.abandon()
    else:
        batch.complete()


async def _run(options: Options) -> int:
    batching = Batching(
        options.bootstrap,
        rules=FormingRules(max_records=100, linger_seconds=0.0),
        log_ends_by_fetch=options.is_embedded,
    )
    times = EMBEDDED_TIMES if options.is_embedded else APACHE_TIMES
    app = build_app(options.group, batching, data_folder=options.folder, times=times)
    topic = app.topic(options.topic, schema=BatchSchema())
    table = BatchTable(app, name="seen", partitions=options.partitions, store=_store(options))
    app.tables.add(table)

    @app.agent(topic, supervisor_strategy=CrashingSupervisor)
    async def merge(stream: Any) -> None:
        async with asyncio.TaskGroup() as group:
            async for batch in stream.noack():
                group.create_task(_merge(batch, table, options))

    return await serve(app, StopSignal())


if __name__ == "__main__":
    logs.configure("INFO")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(_run(Options.model_validate_json(sys.argv[1]))))
