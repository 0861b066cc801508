"""Putting catalogs in force, on a real broker and a real ClickHouse engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas.catalog import catalog_from_json
from services.offline.applying import apply_catalog
from services.runtime.clickhouse import connect
from tests.builders.stacks import catalog, stack

ACHIEVEMENTS = [{"id": "a", "name": "A", "type": "course", "level": 100, "skills": ["sql"]}, {"id": "b"}]


def _messages(kafka: str, topic: str) -> list[Any]:
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, consumer_timeout_ms=5_000)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek_to_beginning()
    found = []
    for message in consumer:
        found.append(message)
        if len(found) == 2:
            break
    consumer.close()
    return found


def test_a_catalog_in_force_is_on_the_topic_and_in_the_tables(
    kafka: str, new_topic: Callable[..., str], database: tuple[str, str]
) -> None:
    """The newest message is the whole catalog under its id; rows of what it no longer has are gone."""
    client, topic = connect(*database), new_topic("catalog")
    first = catalog(stack({"award": "a"}, "one"), stack({"award": "b"}, "two"), id="c", achievements=ACHIEVEMENTS)
    second = catalog(stack({"award": "a"}, "one", title="One"), id="c", achievements=ACHIEVEMENTS[:1])

    apply_catalog(first, kafka=kafka, client=client, version=1, topic=topic)
    apply_catalog(second, kafka=kafka, client=client, version=2, topic=topic)

    messages = _messages(kafka, topic)
    assert [message.key for message in messages] == [b"c", b"c"]
    assert catalog_from_json(messages[-1].value) == second.document
    assert client.query("SELECT achievement_id, name, level, skills FROM catalog_achievements FINAL").result_rows == [
        ("a", "A", "100", ["sql"])
    ]
    assert client.query("SELECT stack_id, title FROM catalog_stacks FINAL").result_rows == [("one", "One")]
    assert client.query("SELECT * FROM catalog_next_steps FINAL").result_rows == []
    stored = client.query("SELECT document FROM catalogs FINAL").result_rows
    assert [json.loads(document)["id"] for (document,) in stored] == ["c"]


def test_what_one_may_go_on_to_is_in_a_table(
    kafka: str, new_topic: Callable[..., str], database: tuple[str, str]
) -> None:
    """What counts beside an achievement and what is awarded for it; outcomes are counted by it."""
    client, topic = connect(*database), new_topic("catalog")
    both = catalog(stack({"all": [{"award": "a"}, {"award": "b"}]}, "s", awards="b"), id="c", achievements=ACHIEVEMENTS)
    apply_catalog(both, kafka=kafka, client=client, version=1, topic=topic)
    rows = client.query("SELECT achievement_id, next_ids FROM catalog_next_steps FINAL ORDER BY ALL").result_rows
    assert rows == [("a", ["b"]), ("b", ["a"])]
