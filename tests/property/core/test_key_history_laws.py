"""Key history is a join: histories go together in any order, and twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.registry import KnownKey
from services.core.registries import keys_of, seen

START = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def sightings(draw: st.DrawFn) -> KnownKey:
    """Few issuers, key ids and keys, so that the same one is seen again."""
    first, days = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    return KnownKey(
        issuer=draw(st.sampled_from(["did:x:a", "did:x:b"])),
        key_id=draw(st.sampled_from(["#1", "#2"])),
        public_key=draw(st.sampled_from(["zA", "zB"])),
        document=draw(st.sampled_from([None, "sha-256:" + "0" * 64])),
        first_seen=START + timedelta(days=first),
        last_seen=START + timedelta(days=first + days),
    )


histories = st.lists(sightings(), max_size=8).map(tuple)


@given(histories, histories, histories)
def test_histories_join_in_any_order_and_grouping(
    one: tuple[KnownKey, ...], other: tuple[KnownKey, ...], third: tuple[KnownKey, ...]
) -> None:
    """Commutative, associative, idempotent."""
    assert seen(one, other) == seen(other, one)
    assert seen(seen(one, other), third) == seen(one, seen(other, third))
    assert seen(seen(one, other), other) == seen(one, other)


@given(histories)
def test_nothing_that_was_seen_is_forgotten(history: tuple[KnownKey, ...]) -> None:
    """Each sighting lies within the one entry of its key."""
    joined = seen((), history)
    for one in history:
        kept = [key for key in keys_of(one.issuer, one.key_id, joined) if key.public_key == one.public_key]
        assert any(key.first_seen <= one.first_seen and key.last_seen >= one.last_seen for key in kept)
