"""The filter that tells new statement ids from those that may have been used."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.lrs.familiar import BITS, OCTETS, Familiar, places

NAMES = UUID("00000000-0000-0000-0000-00000000000b")
ids = st.binary(min_size=16, max_size=16)


def flags_of(stored: list[bytes]) -> bytes:
    """The filter as ClickHouse makes it."""
    flags = bytearray(OCTETS)
    for each in stored:
        for place in places(each):
            flags[place >> 3] |= 1 << (place & 7)
    return bytes(flags)


def test_until_it_is_made_nothing_is_new() -> None:
    """So that ClickHouse is asked."""
    assert Familiar().may_know(bytes(16))
    assert Familiar().note([bytes(16)]) == [bytes(16)]


@settings(max_examples=20)
@given(st.lists(ids, max_size=4), st.lists(ids, max_size=4), st.lists(ids, max_size=4))
def test_what_was_used_is_never_new(before: list[bytes], stored: list[bytes], after: list[bytes]) -> None:
    """Whether the log showed it before or after the filter came, or the tables had it."""
    familiar = Familiar()
    familiar.add(before)
    familiar.complete(flags_of(stored))
    familiar.add(after)
    assert all(familiar.may_know(each) for each in (*before, *stored, *after))


@settings(max_examples=20)
@given(st.lists(ids, max_size=4), st.lists(ids, max_size=4))
def test_noting_is_asking_and_taking_in_at_once(stored: list[bytes], new: list[bytes]) -> None:
    """One id after another, so of an id that comes twice the second may have been used."""
    apart, at_once = Familiar(), Familiar()
    used: list[bytes] = []
    for each in (apart, at_once):
        each.complete(flags_of(stored))
    for one in new:
        used += [one] if apart.may_know(one) else []
        apart.add([one])
    assert at_once.note(new) == used
    assert all(at_once.may_know(each) for each in (*stored, *new))


def test_what_was_not_used_is_new() -> None:
    """But for a few in a thousand."""
    familiar = Familiar()
    familiar.complete(flags_of([uuid5(NAMES, f"used {n}").bytes for n in range(2000)]))
    assert sum(familiar.may_know(uuid5(NAMES, f"new {n}").bytes) for n in range(2000)) < 5


@given(ids)
def test_places_are_within_the_filter(statement_id: bytes) -> None:
    """Three of them."""
    assert all(0 <= place < 1 << BITS for place in places(statement_id))


def test_another_size_is_refused() -> None:
    """A filter cut short would call used ids new."""
    with pytest.raises(ValueError, match="no filter"):
        Familiar().complete(b"")
