"""All of ingest on a stage: a gateway to call, an inbox that runs, and what they left behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import httpx2
from kafka import KafkaProducer

from services.runtime.clickhouse import Client
from services.runtime.producer import Message
from services.tools.refusals import kept_refusals
from tests.conftest import Broker
from tests.integration.ingest.harness import messages, records_on

COLUMNS = ("record_id", "worker_id", "kind", "occurred_at", "received_at", "source", "dialect", "body", "version")


def _row(record: dict[str, Any]) -> list[Any]:
    moments = [datetime.fromisoformat(record[name]) for name in ("occurred_at", "received_at")]
    names = ("record_id", "worker_id", "kind")
    return [*(record[name] for name in names), *moments, record["source"], record["dialect"], json.dumps(record), 1]


class Stage:
    """A gateway to call, an inbox that runs, and what they left behind."""

    def __init__(self, gateway: httpx2.AsyncClient, client: Client, broker: Broker, prefix: str) -> None:
        self.gateway = gateway
        self.clickhouse = client
        self._broker = broker
        self._prefix = prefix

    async def send(self, *records: dict[str, Any]) -> None:
        """Send records, taken."""
        answer = await self.gateway.post("/v1/records", json=list(records))
        assert answer.status_code == 200, answer.text

    def records(self) -> list[dict[str, Any]]:
        """What is on the log."""
        return records_on(self._broker.bootstrap, self._prefix)

    def refused(self) -> list[bytes]:
        """The payloads that are kept among the refused."""
        kept = kept_refusals(self._broker.bootstrap, self.topic("stepwell.rejected.v1"))
        return [each.refusal.payload.value for each in kept]

    def everything_published(self) -> str:
        """All that left ingest, as text."""
        topics = ("stepwell.records.v1", "stepwell.identities.v1")
        found = [each for topic in topics for each in messages(self._broker.bootstrap, self._prefix + topic)]
        return " ".join(f"{each.key} {each.value} {each.headers}" for each in found).lower()

    async def until(self, is_so: Callable[[], Any]) -> Any:
        """What `is_so` says, once that is something."""
        for _ in range(300):
            if found := await asyncio.to_thread(is_so):
                return found
            await asyncio.sleep(0.2)
        raise AssertionError("it did not come to pass within a minute")

    def topic(self, name: str) -> str:
        """The test's own topic of that name."""
        return self._prefix + name

    async def publish(self, message: Message) -> None:
        """Put a message on its topic, acknowledged."""

        def send() -> None:
            with closing(KafkaProducer(bootstrap_servers=self._broker.bootstrap)) as producer:
                producer.send(message.topic, message.value, key=message.key, headers=list(message.headers)).get(30)

        await asyncio.to_thread(send)

    def put_in_table(self, *records: dict[str, Any]) -> None:
        """Put records in ClickHouse, as the aggregate does."""
        rows = [_row(record) for record in records]
        self.clickhouse.insert("records", rows, column_names=list(COLUMNS))

    def count(self, query: str) -> int:
        """The one number that a query gives."""
        return int(self.clickhouse.query(query).result_rows[0][0])
