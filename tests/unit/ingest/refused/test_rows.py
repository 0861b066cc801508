"""What the rejected topic holds, as rows of a table."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from services.ingest.refused.rows import COLUMNS, told
from services.runtime.errors import Fault
from services.runtime.producer import Message
from services.runtime.rejected import Origin, Payload, purge, redriven_mark, refusal_id, refuse, write

NOW = datetime(2026, 11, 24, tzinfo=UTC)
REFUSAL = refuse(
    Payload(b'{"mbox":"ana@example.org"}', b"k", (("ce_source", b"lms"),), Origin("inbox", 0, 7)),
    Fault("missing", "/kind", "is required; add it"),
    stage="ingest.inbox",
    refused_at=NOW,
    source="lms",
    dialect="native",
)


def consumed(message: Message, offset: int) -> Any:
    """The message as a consumer has it."""
    return SimpleNamespace(
        partition=0, offset=offset, key=message.key, value=message.value, headers=list(message.headers)
    )


def test_a_refusal_is_a_row_without_what_was_sent() -> None:
    """Reason, place and size tell an operator enough; the bytes stay on the topic."""
    ((row,), redriven, purged) = told([consumed(write(REFUSAL, "rejected"), 3)])
    told_of = dict(zip(COLUMNS, row, strict=True))
    assert "ana" not in str(row)
    assert (told_of["source"], told_of["reason"], told_of["pointer"], told_of["place"]) == (
        "lms",
        "missing",
        "/kind",
        "0:3",
    )
    assert told_of["refusal_id"] == refusal_id(REFUSAL)
    assert (redriven, purged) == ([], [])


def test_marks_and_purges_are_told_apart_from_refusals() -> None:
    """And a stranger's message is nothing."""
    stranger = SimpleNamespace(partition=0, offset=1, key=b"x", value=b"x", headers=[])
    unkeyed = SimpleNamespace(partition=0, offset=2, key=None, value=None, headers=[])
    found = told(
        [
            consumed(redriven_mark(["0:3", "0:4"], "rejected"), 5),
            consumed(purge(refusal_id(REFUSAL), "rejected"), 6),
            stranger,
            unkeyed,
        ]
    )
    assert found == ([], ["0:3", "0:4"], [refusal_id(REFUSAL)])


def test_the_same_message_refused_again_is_the_same_refusal() -> None:
    """The inbox may read a message twice; over HTTP each sending is one."""
    again = refuse(REFUSAL.payload, REFUSAL.fault, stage="ingest.inbox", refused_at=NOW.replace(hour=1))
    assert refusal_id(again) == refusal_id(REFUSAL)
    posted = [
        refuse(Payload(b"x"), REFUSAL.fault, stage="ingest.http", refused_at=NOW.replace(second=each))
        for each in (0, 1)
    ]
    assert len({refusal_id(each) for each in posted}) == 2
