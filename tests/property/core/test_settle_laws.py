"""Laws of ids and settling, over records of every kind."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.records import record_adapter
from services.core.ids import content_id
from services.core.settle import routing_key, settle
from tests.builders.records import day
from tests.builders.strategies import records

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(records(), OFFSETS)
def test_the_offset_an_instant_is_written_in_changes_no_id(record: Any, offset: timezone) -> None:
    """A fact is the same fact in every time zone."""
    elsewhere = {
        name: value.astimezone(offset) for name, value in record.model_dump(by_alias=True).items() if _is_instant(value)
    }
    moved = record_adapter.validate_python({**record.model_dump(by_alias=True), **elsewhere})
    assert content_id(moved) == content_id(record)


@given(records())
def test_ids_survive_the_log(record: Any) -> None:
    """A record read back from its JSON has the id it had."""
    assert content_id(record_adapter.validate_json(record.model_dump_json(by_alias=True))) == content_id(record)


@given(records())
def test_settling_is_idempotent(record: Any) -> None:
    """What was settled, sent again, is the same record in the same place."""
    bare = record.model_copy(update={"record_id": None})
    once = settle(bare, source="acme", received_at=day(3), trust_cap=2)
    twice = settle(once, source="acme", received_at=day(3), trust_cap=2)
    assert twice == once
    assert routing_key(twice) == routing_key(bare)


def _is_instant(value: object) -> bool:
    return hasattr(value, "astimezone")
