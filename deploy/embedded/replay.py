"""Puts a log back that its broker forgot: the embedded Kafka keeps its log in memory, ClickHouse keeps every record.

The catalogs in force and all settled records are published again, each under the key that it had. Records merge, so it
does not matter that they come in another order or that some come twice; they come worker by worker, so that nearly
every worker's are in one batch and progress does not pass through states that it has long left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from pydantic import TypeAdapter

from schemas.records import Record
from services.core.settle import routing_key
from services.runtime import topics
from services.runtime.clickhouse import Client
from services.runtime.cloudevents import RECORD_TYPE, binary_headers
from services.runtime.producer import Message, Producer, ProducerSettings

MESSAGES_AT_ONCE = 5_000
CATALOGS = "SELECT catalog_id, document FROM catalogs FINAL ORDER BY catalog_id"
RECORDS = """
SELECT
    toString(record_id),
    source,
    received_at,
    body
FROM records FINAL
WHERE body != ''
ORDER BY
    worker_id,
    occurred_at,
    record_id
"""
_record: TypeAdapter[Record] = TypeAdapter(Record)


def replay(client: Client, kafka: str, *, is_embedded: bool) -> int:
    """Publish every catalog and record that ClickHouse holds; the answer counts the records.

    Raises: Unavailable.
    """
    catalogs = [_catalog_message(*row) for row in client.query(CATALOGS).result_rows]
    with client.query_rows_stream(RECORDS) as rows:
        return asyncio.run(_publish(catalogs, (_record_message(*row) for row in rows), kafka, is_embedded=is_embedded))


async def _publish(catalogs: list[Message], records: Iterator[Message], kafka: str, *, is_embedded: bool) -> int:
    producer = Producer(ProducerSettings(bootstrap=kafka, is_idempotent=not is_embedded, client_id="stepwell-replay"))
    await producer.start()
    try:
        count = 0
        if catalogs:
            await producer.publish(catalogs)
        for messages in _chunks(records, MESSAGES_AT_ONCE):
            await producer.publish(messages)
            count += len(messages)
        return count
    finally:
        await producer.stop()


def _chunks(messages: Iterable[Message], size: int) -> Iterator[list[Message]]:
    source = iter(messages)
    while chunk := list(islice(source, size)):
        yield chunk


def _catalog_message(catalog_id: str, document: str) -> Message:
    return Message(topics.CATALOG, catalog_id.encode(), document.encode(), [])


def _record_message(record_id: str, source: str, received_at: datetime, body: str) -> Message:
    key = routing_key(
        _record.validate_json(body)
    )  # not the table's worker_id: a linked account's records keep their own
    headers = binary_headers(event_id=record_id, source=source, event_type=RECORD_TYPE, time=received_at)
    return Message(topics.RECORDS, key.encode(), body.encode(), headers)
