"""How a batch is recognised."""

from __future__ import annotations

from services.aggregate.place import Place


def test_a_token_is_what_it_has_always_been() -> None:
    """A newer version that repeats an older one's insert must make the same token: never change this."""
    place = Place("stepwell.records.v1", partition=3, epoch=2, first=10, last=19)
    assert place.token("records") == "stepwell.records.v1/3/2/10-19/records"
