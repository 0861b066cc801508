"""Putting back a log that its broker forgot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kafka import KafkaConsumer

from deploy.embedded import replay
from schemas.records import record_adapter
from services.core.ids import worker_id_of
from services.runtime import topics
from services.runtime.clickhouse import Client, connect
from tests.builders.records import award, link
from tests.conftest import Broker

SHARED_COLUMNS = ["record_id", "worker_id", "kind", "source", "occurred_at", "received_at", "body", "version"]


@pytest.fixture
def client(database: tuple[str, str]) -> Client:
    """A client on a migrated database."""
    return connect(*database)


@pytest.fixture
def prefix(new_topic: Callable[..., str], topic_prefix: str) -> str:
    """The prefix of a records and a catalog topic that exist."""
    new_topic(topics.RECORDS, partitions=4)
    new_topic(topics.CATALOG)
    return topic_prefix


def _awards(count: int) -> list[Any]:
    return [award(award_id=str(number), worker_id=f"w-{number % 7}", on=number) for number in range(count)]


def _store(client: Client, records: list[Any]) -> None:
    rows = [
        [
            record.record_id,
            record.worker_id,
            record.kind,
            record.source,
            record.occurred_at,
            record.received_at,
            _body(record),
            1,
        ]
        for record in records
    ]
    client.insert("records", rows, column_names=SHARED_COLUMNS)


def _body(record: Any) -> str:
    return record_adapter.dump_json(record, by_alias=True, exclude_none=True).decode()


def _read(kafka: str, topic: str, count: int) -> dict[str, tuple[str, str]]:
    """The value of each message by its event's id, or by its key where it has none."""
    consumer = KafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest", consumer_timeout_ms=10_000)
    found = {}
    for message in consumer:
        named = dict(message.headers)
        found[named.get("ce_id", message.key).decode()] = (message.key.decode(), message.value.decode())
        if len(found) == count:
            break
    consumer.close()
    return found


def test_everything_comes_back_under_its_key(
    broker: Broker, client: Client, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All records, over several pages, each once in ClickHouse and so once in the log; and the catalogs."""
    monkeypatch.setattr(replay, "PAGE_RECORDS", 10)
    awards = _awards(45)
    _store(client, [*awards, *awards[:20]])
    client.insert(
        "catalogs",
        [["main", "{}", 1], ["main", '{"stacks": []}', 2]],
        column_names=["catalog_id", "document", "version"],
    )

    count = replay.replay(client, broker.bootstrap, prefix, is_embedded=broker.is_embedded)

    expected = {str(record.record_id): (record.worker_id, _body(record)) for record in awards}
    assert count == len(awards)
    assert _read(broker.bootstrap, prefix + topics.RECORDS, len(awards)) == expected
    assert _read(broker.bootstrap, prefix + topics.CATALOG, 1) == {"main": ("main", '{"stacks": []}')}


def test_a_link_goes_to_the_worker_of_its_account(broker: Broker, client: Client, prefix: str) -> None:
    """Whatever worker its row names, a record's key follows from the record."""
    moved = link("ada", "w-1")
    _store(client, [moved])

    replay.replay(client, broker.bootstrap, prefix, is_embedded=broker.is_embedded)

    ((key, _),) = _read(broker.bootstrap, prefix + topics.RECORDS, 1).values()
    assert key == worker_id_of(moved.account)


def test_an_erased_record_stays_erased(broker: Broker, client: Client, prefix: str) -> None:
    """A row without a body has nothing to say any more."""
    (erased,) = _awards(1)
    _store(client, [erased])
    row = [erased.record_id, erased.worker_id, "award", "acme", erased.occurred_at, erased.received_at, "", 2]
    client.insert("records", [row], column_names=SHARED_COLUMNS)

    assert replay.replay(client, broker.bootstrap, prefix, is_embedded=broker.is_embedded) == 0
