"""What is read, what is set aside, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from schemas.records import record_adapter
from services.aggregate.decode import decode
from services.aggregate.step import ABSORB_TYPE
from services.core import branches
from services.core.branches import Absorb
from services.core.holdings import gathered
from tests.builders.records import award


def _on_log(value: bytes | None, *, key: bytes | None = b"w", offset: int = 7, headers: Any = ()) -> ConsumerRecord:
    sizes = (len(key or b""), len(value or b""))
    return ConsumerRecord("records", 2, offset, 0, 0, key, value, None, *sizes, headers)


def _written(**changes: Any) -> bytes:
    members = award("a").model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps({name: value for name, value in {**members, **changes}.items() if value is not None}).encode()


def test_a_record_is_read_with_its_place_as_version() -> None:
    """The version of what follows is the record's place in this life of the log."""
    decoded = decode([_on_log(record_adapter.dump_json(award("a"), by_alias=True, exclude_none=True))], epoch=3)
    (message,) = decoded.messages
    assert (message.worker_id, message.what.kind, message.version) == ("w", "award", (3 << 40) | 8)


def test_holdings_that_another_id_sends_are_known_by_their_header() -> None:
    """Absorb messages share the topic with records."""
    absorb = Absorb((), gathered([award("a")]))
    headers = [("ce_type", ABSORB_TYPE.encode())]
    decoded = decode([_on_log(branches.dumps(absorb), headers=headers)], epoch=1)
    assert decoded.messages[0].what == absorb


@pytest.mark.parametrize(
    "value, reason, pointer",
    [
        (b"\xff", "not_a_record", ""),
        (None, "not_a_record", ""),
        (b'{"kind": "gossip"}', "not_a_record", ""),
        (b'{"kind": "award", "occurred_at": "2025-06-01T00:00:00Z"}', "not_a_record", "/award/achievement"),
        (_written(record_id=None), "not_settled", "/record_id"),
        (_written(source=None), "not_settled", "/source"),
        (_written(grade="\ud800"), "not_a_record", ""),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_fault(value: bytes | None, reason: str, pointer: str) -> None:
    """One bad message does not touch its neighbours, and the fault says where it is wrong."""
    good = _on_log(_written(), offset=8)
    decoded = decode([_on_log(value), good], epoch=1)
    assert decoded.origins == [good]
    (unread,) = decoded.unread
    assert (unread.fault.code, unread.fault.pointer) == (reason, pointer)


def test_a_message_without_a_key_is_set_aside() -> None:
    """Without a worker there is no state to put it in."""
    assert decode([_on_log(_written(), key=None)], epoch=1).unread[0].fault.code == "no_key"
