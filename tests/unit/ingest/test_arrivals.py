"""What a producer may ask of its own arrivals, and how pages follow each other."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.arrivals import Asked, Place, place_of
from services.ingest.sources_routes import asked_of
from services.runtime.errors import Rejected


@given(st.datetimes(datetime(1970, 1, 1), datetime(2299, 1, 1), timezones=st.just(UTC)), st.uuids())  # noqa: DTZ001
def test_a_cursor_leads_back_to_its_place(at: datetime, id_: UUID) -> None:
    """To the microsecond."""
    assert place_of(Place(at, id_).cursor()) == Place(at, id_)


@given(st.text(max_size=40))
def test_a_cursor_that_is_none_is_refused(text: str) -> None:
    """And nothing else is raised."""
    with suppress(Rejected):
        assert place_of(text).at.tzinfo is UTC


def test_what_is_not_asked_for_does_not_restrict() -> None:
    """A hundred of the newest, of any kind."""
    assert asked_of({}, "lms") == Asked("lms", 100)


def test_filters_are_taken_as_they_are_said() -> None:
    """Moments without an offset are UTC; what arrived before a moment begins behind it."""
    asked = asked_of(
        {"since": "2026-01-01", "until": "2026-02-01T00:00:00+01:00", "limit": "7", "outcome": "refused"}, "lms"
    )
    assert asked.before == Place(datetime(2026, 1, 31, 23, tzinfo=UTC), UUID(int=0))
    assert (asked.since, asked.limit, asked.outcome) == (datetime(2026, 1, 1, tzinfo=UTC), 7, "refused")


def test_every_faulty_parameter_is_named() -> None:
    """All at once."""
    with pytest.raises(Rejected) as refused:
        asked_of({"limit": "0", "outcome": "lost", "since": "yesterday", "color": "red"}, "lms")
    pointers = {fault.pointer for fault in refused.value.faults}
    assert pointers == {"/limit", "/outcome", "/since", "/color"}
