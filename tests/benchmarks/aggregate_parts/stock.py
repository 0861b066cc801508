"""The same work in a stock Faust agent: stock transport, stock table, an event a record.

Per event: pydantic decode, the aggregate's own `step` for the one record, the state in a Table (with its changelog),
the progress on its topic; rows are gathered and inserted a thousand records at a time, which is generous: a stock agent
has no batches. Arguments: bootstrap, records topic, ClickHouse URL, database, number of records, data folder, is
embedded. Prints CPU seconds and records from the first event to the last, with everything flushed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import faust
import uvloop

from schemas.records import record_adapter
from services.aggregate.rows import columns_of
from services.aggregate.step import Changes, Message, step
from services.aggregate.topics import Names
from services.core.people import dumps, loads
from services.core.stacks import compile_catalog
from services.runtime.clickhouse import Client, connect
from tests.benchmarks.aggregate_parts import tansu
from tests.benchmarks.aggregate_parts.workload import catalog

FLUSH_RECORDS = 1000
TABLES = ("records", "awards", "progress", "employments")


class Buffer:
    """Rows on their way to ClickHouse."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rows = Changes()

    async def add(self, changes: Changes) -> None:
        """Take in one event's rows; insert when there are enough."""
        for table in TABLES:
            getattr(self._rows, table).extend(getattr(changes, table))
        if len(self._rows.records) >= FLUSH_RECORDS:
            await self.flush()

    async def flush(self) -> None:
        """Insert what there is."""
        for table in TABLES:
            names, columns = columns_of(table, self._rows)
            if columns:
                await asyncio.to_thread(self._client.insert, table, columns, column_names=names, column_oriented=True)
        self._rows = Changes()


async def _run(names: Names, arguments: list[str]) -> None:
    bootstrap, _, clickhouse, database, records, folder, is_embedded = arguments
    compiled, buffer, limit = compile_catalog(catalog()), Buffer(connect(clickhouse, database)), int(records)
    app = faust.App(
        f"{names.group}.stock",
        broker=f"{tansu.SCHEME if is_embedded == '1' else 'kafka'}://{bootstrap}",
        datadir=folder,
        store="memory://",
        broker_session_timeout=3.0,
        broker_heartbeat_interval=0.5,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        topic_partitions=4,
        topic_replication_factor=1,
        autodiscover=False,
    )
    raw: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    topic, progress = app.topic(names.records, **raw), app.topic(names.progress, **raw)
    states = app.Table("states", key_type=bytes, value_type=bytes, partitions=4)
    done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    seen, begun = 0, 0.0

    async def aggregate(stream: Any) -> None:
        nonlocal seen, begun
        async for event in stream.events():
            begun = begun or time.process_time()
            record = record_adapter.validate_json(event.value)
            worker_id = event.key.decode()
            message = Message(worker_id, record, event.message.offset + 1, event.value)
            written = states.get(event.key)
            known = {worker_id: loads(written)} if written else {}
            changes = step(known, [message], compiled, datetime.now(UTC))
            await buffer.add(changes)
            for one in changes.progress_messages:
                await progress.send(key=f"{worker_id}\n{one.stack_id}".encode(), value=one.model_dump_json().encode())
            for changed, state in changes.states.items():
                states[changed.encode()] = dumps(state)
            seen += 1
            if seen == limit:
                await buffer.flush()
                while app.producer.buffer.size:
                    await app.producer.flush()
                done.set_result(time.process_time() - begun)

    app.agent(topic)(aggregate)
    app.finalize()
    starting = asyncio.ensure_future(app.start())
    cpu_seconds = await done
    print(json.dumps({"cpu_seconds": cpu_seconds, "records": seen}), flush=True)
    starting.cancel()
    os._exit(0)  # a Faust app outside its own worker command does not end its threads


if __name__ == "__main__":
    tansu.register()
    uvloop.run(_run(Names.under(sys.argv[2].removesuffix("stepwell.records.v1")), sys.argv[1:]))
