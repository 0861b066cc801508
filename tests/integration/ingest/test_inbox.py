"""The inbox as a process: what it makes of a topic, and that being killed loses nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from services.runtime.children import Child, spawn
from services.runtime.kafka_admin import consumer_lag
from services.runtime.rejected import read
from tests.builders.statements import statement
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics, messages, records_on

Start = Callable[[], Child]


def record(number: int, **more: Any) -> dict[str, Any]:
    """One record that no other equals."""
    return {
        "kind": "award",
        "source": "plugin",
        "occurred_at": "2025-06-01T00:00:00Z",
        "worker_id": f"w{number % 50}",
        "achievement": {"id": "a"},
        "award_id": str(number),
        **more,
    }


@pytest.fixture
def start(broker: Broker, topic_prefix: str, tmp_path: Path) -> Iterator[Start]:
    """Starts inboxes on topics of the test's own; all are stopped at the end."""
    make_topics(broker.bootstrap, topic_prefix)
    environment = {
        **broker.environment(),
        "STEPWELL_TOPIC_PREFIX": topic_prefix,
        "STEPWELL_IDENTITY_KEY": "a secret of the tests",
        "STEPWELL_HOME": str(tmp_path),
    }
    started: list[Child] = []

    def start_one() -> Child:
        command = (sys.executable, "-m", "services.ingest.inbox")
        started.append(spawn("inbox", command, tmp_path / "inbox.log", environment=environment))
        return started[-1]

    yield start_one
    for child in started:
        child.stop()


def send(kafka: str, prefix: str, *payloads: tuple[bytes, dict[str, str]]) -> None:
    """Send payloads with their headers to the inbox, acknowledged."""
    with closing(KafkaProducer(bootstrap_servers=kafka, acks="all")) as producer:
        for number, (value, headers) in enumerate(payloads):
            pairs = [(name, text.encode()) for name, text in headers.items()]
            producer.send(prefix + "stepwell.inbox.v1", value, key=str(number % 50).encode(), headers=pairs)
        producer.flush()


def drained(kafka: str, prefix: str, timeout_seconds: float = 60) -> bool:
    """Whether the inbox reads everything in time."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        lags = consumer_lag(kafka, [prefix + "stepwell-inbox"])
        if lags and not any(lag.lag for lag in lags):
            return True
        time.sleep(0.3)
    return False


def test_payloads_become_records_or_are_kept_whole(kafka: str, topic_prefix: str, start: Start) -> None:
    """Statements go on the record store's log; what cannot be read is kept with its bytes, reason and origin."""
    start()
    broken = b"\xff\x00 not json"
    send(
        kafka,
        topic_prefix,
        (json.dumps(record(1)).encode(), {}),
        (json.dumps([record(2), record(3)]).encode(), {"ce_source": "outer"}),
        (json.dumps([statement()]).encode(), {"ce_source": "moodle", "x-experience-api-version": "1.0.3"}),
        (broken, {"ce_source": "moodle", "content-type": "application/x-thing"}),
        (json.dumps(record(4, occurred_at="yesterday")).encode(), {}),
    )
    assert drained(kafka, topic_prefix)
    records = records_on(kafka, topic_prefix)
    assert sorted((each["source"], each["kind"]) for each in records) == [
        ("outer", "award"),
        ("outer", "award"),
        ("plugin", "award"),
    ]
    assert [each.key for each in messages(kafka, topic_prefix + "stepwell.xapi.v1")] == [b"moodle"]
    kept = messages(kafka, topic_prefix + "stepwell.rejected.v1")
    refusals = {read(each.value, each.key, each.headers).fault.code: each for each in kept}
    assert refusals.keys() == {"invalid_json", "wrong_value"}
    refusal = read(refusals["invalid_json"].value, refusals["invalid_json"].key, refusals["invalid_json"].headers)
    assert refusal.payload.value == broken
    assert dict(refusal.payload.headers)["content-type"] == b"application/x-thing"
    assert refusal.payload.origin is not None
    assert refusal.payload.origin.topic == topic_prefix + "stepwell.inbox.v1"
    assert (refusal.source, refusal.stage, refusal.attempts) == ("moodle", "ingest.inbox", 1)


def test_a_killed_inbox_loses_nothing_and_repeats_only_equal_records(
    kafka: str, topic_prefix: str, start: Start
) -> None:
    """Kill -9 in mid-stream: offsets move only behind acknowledged records, and what is done again has the same ids."""
    first = start()
    for batch in range(3):
        send(kafka, topic_prefix, *((json.dumps(record(batch * 1000 + each)).encode(), {}) for each in range(1000)))
        if batch == 1:
            time.sleep(1)
            first.kill()
            start()
    assert drained(kafka, topic_prefix)
    records = records_on(kafka, topic_prefix)
    assert {each["award_id"] for each in records} == {str(number) for number in range(3000)}
    assert len({each["record_id"] for each in records}) == 3000


def test_an_inbox_stops_when_it_is_asked_to(kafka: str, topic_prefix: str, start: Start) -> None:
    """SIGTERM: exit code 0 within seconds."""
    child = start()
    send(kafka, topic_prefix, (json.dumps(record(1)).encode(), {}))
    assert drained(kafka, topic_prefix)
    started_at = time.monotonic()
    assert child.stop(grace_seconds=10) == 0
    assert time.monotonic() - started_at < 10
