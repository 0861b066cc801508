"""The operators' commands over real brokers: emit, rejected, topics, lag."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from services.cli import main_app
from services.runtime.errors import Fault
from services.runtime.rejected import Origin, Payload, Refusal, write
from services.runtime.whole_log import whole_log
from tests.builders.statements import statement
from tests.integration.ingest.harness import make_topics

RECORD = {
    "kind": "award",
    "source": "acme",
    "worker_id": "w",
    "achievement": {"id": "a"},
    "occurred_at": "2025-06-01T00:00:00Z",
}


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """Topics of the test's own, by their prefix."""
    make_topics(kafka, topic_prefix)
    return topic_prefix


def run(capsys: pytest.CaptureFixture[str], kafka: str, *words: str) -> list[Any]:
    """What a command prints with --json, line by line."""
    main_app()([*words, "--json", "--kafka", kafka], result_action="return_value")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def keep(kafka: str, prefix: str, *refusals: Refusal) -> None:
    """Put refusals on the rejected topic."""
    producer = KafkaProducer(bootstrap_servers=kafka)
    for refusal in refusals:
        message = write(refusal, prefix + "stepwell.rejected.v1")
        producer.send(message.topic, message.value, key=message.key, headers=list(message.headers))
    producer.flush()
    producer.close()


def refusal(prefix: str, number: int = 0, *, reason: str = "invalid_json", attempts: int = 1) -> Refusal:
    """A payload that the inbox refused."""
    origin = Origin(prefix + "stepwell.inbox.v1", 0, number)
    payload = Payload(f"payload {number}".encode(), b"key", (("ce_source", b"acme"), ("odd", b"\xff")), origin)
    return Refusal(
        payload, Fault(reason, "/x", "mend x"), "ingest.inbox", datetime.now(UTC), "acme", "native", attempts
    )


def test_a_file_of_lines_is_sent_one_message_a_line(
    capsys: pytest.CaptureFixture[str], kafka: str, prefix: str, tmp_path: Path
) -> None:
    """As they are, also a broken one; keyed by person, named by --source."""
    file = tmp_path / "records.ndjson"
    file.write_text(json.dumps(RECORD) + "\n\nbroken\n" + json.dumps(statement()) + "\n")
    inbox = prefix + "stepwell.inbox.v1"
    (summary,) = run(capsys, kafka, "emit", str(file), "--topic", inbox, "--source", "lms")
    assert (summary["sent"], summary["failed"]) == (3, 0)
    found = list(whole_log(kafka, inbox))
    assert sorted(message.value for message in found)[:1] == [b"broken"]
    assert {message.key for message in found if message.key} >= {b'"w"'}
    assert all(dict(message.headers)["ce_source"] == b"lms" for message in found)


def test_an_array_is_sent_in_batches(
    capsys: pytest.CaptureFixture[str], kafka: str, prefix: str, tmp_path: Path
) -> None:
    """Several items a message, when asked for."""
    file = tmp_path / "records.json"
    file.write_text(json.dumps([{**RECORD, "award_id": str(number)} for number in range(5)], indent=1))
    inbox = prefix + "stepwell.inbox.v1"
    (summary,) = run(capsys, kafka, "emit", str(file), "--topic", inbox, "--batch", "2")
    assert summary["sent"] == 5
    assert sorted(
        len(json.loads(message.value)) for message in whole_log(kafka, inbox) if message.value[:1] == b"["
    ) == [2, 2]


def test_refusals_are_listed_by_filter_and_shown_whole(
    capsys: pytest.CaptureFixture[str], kafka: str, prefix: str
) -> None:
    """Bytes that are no text are shown in base64."""
    topic = ("--topic", prefix + "stepwell.rejected.v1")
    assert run(capsys, kafka, "rejected", "list", *topic) == []
    keep(kafka, prefix, refusal(prefix, 1), refusal(prefix, 2, reason="scope"))
    assert [row["reason"] for row in run(capsys, kafka, "rejected", "list", *topic)] == ["invalid_json", "scope"]
    (row,) = run(capsys, kafka, "rejected", "list", "--reason", "scope", "--since", "2026-01-01", *topic)
    assert (row["source"], row["pointer"], row["origin"]) == ("acme", "/x", f"{prefix}stepwell.inbox.v1:0:2")
    (shown,) = run(capsys, kafka, "rejected", "show", row["place"], *topic)
    assert (shown["payload"], shown["headers"]["odd"]) == ("payload 2", "base64:/w==")


def test_redriving_sends_the_original_back_once(capsys: pytest.CaptureFixture[str], kafka: str, prefix: str) -> None:
    """Bytes, key and headers, with a count of refusals; what went back is marked, what failed too often stays."""
    topic = ("--topic", prefix + "stepwell.rejected.v1")
    keep(kafka, prefix, refusal(prefix, 1), refusal(prefix, 2, attempts=3))
    counts = {"selected": 2, "redriven": 1, "already": 0, "too_often": 1}
    assert run(capsys, kafka, "rejected", "redrive", "--dry-run", *topic) == [counts | {"dry_run": True}]
    assert list(whole_log(kafka, prefix + "stepwell.inbox.v1")) == []
    assert run(capsys, kafka, "rejected", "redrive", "--rate", "50", *topic) == [counts | {"dry_run": False}]
    assert run(capsys, kafka, "rejected", "redrive", *topic) == [
        {"selected": 2, "redriven": 0, "already": 1, "too_often": 1, "dry_run": False}
    ]
    (message,) = whole_log(kafka, prefix + "stepwell.inbox.v1")
    assert (message.value, message.key) == (b"payload 1", b"key")
    assert dict(message.headers) == {"ce_source": b"acme", "odd": b"\xff", "stepwell_attempts": b"1"}
    assert [row["attempts"] for row in run(capsys, kafka, "rejected", "list", *topic)] == [3]
    assert len(run(capsys, kafka, "rejected", "list", "--all", *topic)) == 2


def test_what_is_purged_is_gone_for_whoever_reads(capsys: pytest.CaptureFixture[str], kafka: str, prefix: str) -> None:
    """By filter; everything only when that is said; a refusal that is kept twice is one."""
    topic = ("--topic", prefix + "stepwell.rejected.v1")
    keep(kafka, prefix, refusal(prefix, 1), refusal(prefix, 1), refusal(prefix, 2, reason="scope"))
    with pytest.raises(SystemExit):
        run(capsys, kafka, "rejected", "purge", *topic)
    until = ("--until", "2026-01-01")
    assert run(capsys, kafka, "rejected", "purge", *until, *topic) == [{"selected": 0, "purged": 0, "dry_run": False}]
    who = ("--person", "payload", "--person", "nobody@example.org")
    assert [row["reason"] for row in run(capsys, kafka, "rejected", "list", *who, *topic)] == ["invalid_json", "scope"]
    assert run(capsys, kafka, "rejected", "list", *who[2:], *topic) == []
    named = ("--reason", "scope", "--source", "acme", "--dialect", "native")
    counts = {"selected": 1, "purged": 0, "dry_run": True}
    assert run(capsys, kafka, "rejected", "purge", *named, "--dry-run", *topic) == [counts]
    assert run(capsys, kafka, "rejected", "purge", *named, *topic) == [counts | {"purged": 1, "dry_run": False}]
    assert [row["reason"] for row in run(capsys, kafka, "rejected", "list", *topic)] == ["invalid_json"]
    (done,) = run(capsys, kafka, "rejected", "redrive", *topic)
    assert (done["selected"], done["redriven"]) == (1, 1)


def test_topics_and_lag_answer_in_json(capsys: pytest.CaptureFixture[str], kafka: str) -> None:
    """One line each, for scripts."""
    (topics,) = run(capsys, kafka, "topics", "list")
    assert {row["topic"] for row in topics} >= {"stepwell.records.v1"}
    (lag,) = run(capsys, kafka, "lag", "no-such-group")
    assert lag == {"lag": 0, "partitions": []}
