"""A refusal comes back from its message as it went in, whatever was refused."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.errors import Fault
from services.runtime.rejected import ATTEMPTS, Origin, Payload, Refusal, read, refuse, write

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
HEADERS = st.lists(st.tuples(NAMES, st.binary(max_size=20)), max_size=5).map(tuple)
ORIGINS = st.none() | st.builds(Origin, NAMES, st.integers(0, 99), st.integers(0, 1 << 40))
PAYLOADS = st.builds(Payload, st.binary(), st.binary(max_size=20), HEADERS, ORIGINS)
FAULTS = st.builds(Fault, NAMES, TEXTS, TEXTS, st.none() | st.integers(0, 999))
INSTANTS = st.datetimes(timezones=st.just(UTC))
INSTANT = datetime(2026, 11, 24, tzinfo=UTC)


@st.composite
def refusals(draw: st.DrawFn) -> Refusal:
    """Any refusal."""
    return refuse(
        draw(PAYLOADS),
        draw(FAULTS),
        stage=draw(NAMES),
        refused_at=draw(INSTANTS),
        source=draw(TEXTS),
        dialect=draw(TEXTS),
    )


@given(refusals())
def test_a_refusal_survives_its_message(refusal: Refusal) -> None:
    """Original bytes, key, headers and origin too."""
    message = write(refusal, "rejected")
    assert read(message.value, message.key, message.headers) == refusal


@given(refusals())
def test_a_payload_that_is_refused_again_counts_its_refusals(refusal: Refusal) -> None:
    """What is sent back carries how often it was refused, and no more headers than it had."""
    sent_back = Payload(
        refusal.payload.value,
        refusal.payload.key,
        (*refusal.payload.headers, (ATTEMPTS, str(refusal.attempts).encode())),
        refusal.payload.origin,
    )
    again = refuse(sent_back, refusal.fault, stage=refusal.stage, refused_at=refusal.refused_at)
    assert again.attempts == refusal.attempts + 1
    assert again.payload == refusal.payload


@given(st.text(max_size=12))
def test_a_count_that_is_no_number_counts_as_none(text: str) -> None:
    """Headers are the sender's to write: nonsense there breaks nothing."""
    payload = Payload(b"", headers=((ATTEMPTS, text.encode("utf-8", "replace")),))
    assert refuse(payload, Fault("x", "", ""), stage="s", refused_at=INSTANT).attempts >= 1
