"""Reading a record the fast way gives the record that its model gives."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError, Struct
from pydantic import BaseModel

from schemas.records import record_adapter
from services.aggregate.canonical import record_reader
from tests.builders.records import award, completion
from tests.builders.strategies import records

READ = record_reader()


def _members(value: Any) -> Any:
    """A model or a struct, all the way down, as plain values."""
    if isinstance(value, BaseModel):
        return {name: _members(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Struct):
        kind = {"kind": value.kind} if hasattr(value, "kind") else {}
        return {**{name: _members(getattr(value, name)) for name in value.__struct_fields__}, **kind}
    return tuple(_members(one) for one in value) if isinstance(value, tuple) else value


@given(records())
def test_the_fast_reading_is_the_models_reading(record: Any) -> None:
    """Every member of every kind has the same name and the same value."""
    written = record_adapter.dump_json(record, by_alias=True, exclude_none=True)
    assert _members(READ(written)) == _members(record_adapter.validate_json(written))


@given(records(), st.integers(-12, 12))
def test_an_instant_is_the_same_in_any_offset(record: Any, hours: int) -> None:
    """An offset other than UTC's is no other instant."""
    there = record.occurred_at.astimezone(timezone(timedelta(hours=hours)))
    written = record_adapter.dump_json(
        record.model_copy(update={"occurred_at": there}), by_alias=True, exclude_none=True
    )
    assert READ(written).occurred_at == record.occurred_at


@pytest.mark.parametrize(
    "changes",
    [
        {"grade": ""},
        {"trust": 5},
        {"nickname": "x"},
        {"score": {"scaled": 2}},
        {"occurred_at": "2025-06-01T00:00:00"},
        {"kind": "gossip"},
        {"success": "yes"},
    ],
)
def test_what_the_models_refuse_member_by_member_is_refused(changes: dict[str, Any]) -> None:
    """Bounds, closedness, time zones and types hold here too."""
    written = {**completion("a").model_dump(mode="json", by_alias=True, exclude_none=True), **changes}
    with pytest.raises(DecodeError):
        READ(_json(written))


def test_members_that_were_left_out_have_their_defaults() -> None:
    """Ingest writes what was stated; a reader need not ask whether a member is there."""
    read: Any = READ(_json({"kind": "award", "achievement": {"id": "a"}, "occurred_at": "2025-06-01T00:00:00Z"}))
    assert (read.kind, read.results, read.achievement.tags, read.valid_until) == ("award", (), (), None)
    assert read.occurred_at == datetime(2025, 6, 1, tzinfo=UTC)


def test_an_unset_issuer_reads_as_unset() -> None:
    """None and absent are one."""
    read: Any = READ(record_adapter.dump_json(award("a", issuer_id=None), by_alias=True))
    assert read.issuer_id is None


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
