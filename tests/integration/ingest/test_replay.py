"""`stepwell replay` over real brokers and an embedded ClickHouse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.ingest.replay import Done, Replay, replayed
from services.runtime.clickhouse import connect
from tests.builders.statements import statement
from tests.integration.ingest.harness import make_topics, records_on

VIDEO = "https://lms.example.org/videos/safety"
CATALOG = {"id": "x", "mappings": [{"id": VIDEO, "achievement": "safety"}]}


def keep(client: Any, number: int, *, voids: int | None = None) -> None:
    """Put a statement into the record store's tables, as its writer does."""
    said = statement(of_type="media")
    said["object"]["id"] = VIDEO
    target = UUID(int=voids or 0)
    stored = datetime(2026, 2, 1, 9, 30, number, tzinfo=UTC)
    row = ["lms", stored, UUID(int=number), [], target, int(voids is not None), json.dumps(said), 1]
    names = ["tenant", "stored", "statement_id", "terms", "target_id", "is_voiding", "body", "version"]
    client.insert("xapi_statements", [row], column_names=names)


async def test_a_mapping_that_comes_later_brings_its_history(
    kafka: str, topic_prefix: str, database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, however often it is asked for; what was voided stays so; a trial publishes nothing."""
    url, name = database
    make_topics(kafka, topic_prefix)
    monkeypatch.setenv("STEPWELL_TOPIC_PREFIX", topic_prefix)
    client = connect(url, name)
    keep(client, 1)
    keep(client, 2)
    keep(client, 3, voids=2)
    where = Replay(kafka, url, name)
    assert await replayed(where, "") == Done(0, 0, 0)
    client.insert("catalogs", [["x", json.dumps(CATALOG), 1]], column_names=["catalog_id", "document", "version"])
    assert await replayed(where, "lms", is_trial=True) == Done(1, 1, 0)
    assert records_on(kafka, topic_prefix) == []
    assert await replayed(where, "another") == Done(0, 0, 0)
    for _ in range(2):
        assert await replayed(where, "lms") == Done(1, 1, 1)
    records = records_on(kafka, topic_prefix)
    assert {(record["record_id"], record["achievement"]["id"]) for record in records} == {(str(UUID(int=1)), VIDEO)}
