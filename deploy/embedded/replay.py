"""Puts a log back that its broker forgot: the embedded Kafka keeps its log in memory, ClickHouse keeps every record.

The catalogs in force and all settled records are published again, each under the key that it had. Records merge, so it
does not matter that they come in another order or that some come twice; they come worker by worker, so that nearly
every worker's are in one batch and progress does not pass through states that it has long left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from schemas.records import record_adapter
from services.core.settle import routing_key
from services.runtime import topics
from services.runtime.clickhouse import Client
from services.runtime.cloudevents import RECORD_TYPE, binary_headers
from services.runtime.producer import Message, Producer, ProducerSettings

PAGE_RECORDS = 20_000
PAGE_SECONDS = 60.0
CATALOGS = "SELECT catalog_id, document FROM catalogs FINAL ORDER BY catalog_id"
# Pages follow the table's key, so that neither side ever holds all of it.
RECORDS = """
SELECT
    worker_id,
    occurred_at,
    record_id,
    source,
    received_at,
    body
FROM records FINAL
WHERE (worker_id, occurred_at, record_id) > ({worker_id:String}, {occurred_at:DateTime64(6, 'UTC')}, {record_id:UUID})
ORDER BY
    worker_id,
    occurred_at,
    record_id
LIMIT {page:UInt32}
"""
BEFORE_ALL = ("", datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))


def replay(client: Client, kafka: str, prefix: str, *, is_embedded: bool) -> int:
    """Publish every catalog and record that ClickHouse holds, to topics of that prefix; the answer counts the records.

    Raises: Unavailable.
    """
    producer = Producer(ProducerSettings(bootstrap=kafka, is_idempotent=not is_embedded, client_id="stepwell-replay"))
    return asyncio.run(_replay(client, producer, prefix))


async def _replay(client: Client, producer: Producer, prefix: str) -> int:
    await producer.start()
    try:
        catalogs = client.query(CATALOGS).result_rows
        await producer.publish([_catalog_message(prefix, *row) for row in catalogs])
        count = 0
        for page in _pages(client):
            messages = [message for row in page if (message := _record_message(prefix, row))]
            await producer.publish(messages, PAGE_SECONDS)
            count += len(messages)
        return count
    finally:
        await producer.stop()


def _pages(client: Client) -> Iterator[Sequence[Sequence[Any]]]:
    after: Sequence[Any] = BEFORE_ALL
    while True:
        key = dict(zip(("worker_id", "occurred_at", "record_id"), after, strict=True))
        page = client.query(RECORDS, parameters={**key, "page": PAGE_RECORDS}).result_rows
        if not page:
            return
        yield page
        after = page[-1][:3]


def _catalog_message(prefix: str, catalog_id: str, document: str) -> Message:
    return Message(prefix + topics.CATALOG, catalog_id.encode(), document.encode(), [])


def _record_message(prefix: str, row: Sequence[Any]) -> Message | None:
    """The record as it was published, or None where an erasure has emptied its body.

    Its key comes from its content and not from the table's worker_id: the records of a linked account keep their own.
    """
    _, _, record_id, source, received_at, body = row
    if not body:
        return None
    key = routing_key(record_adapter.validate_json(body))
    headers = binary_headers(event_id=str(record_id), source=source, event_type=RECORD_TYPE, time=received_at)
    return Message(prefix + topics.RECORDS, key.encode(), body.encode(), headers)
