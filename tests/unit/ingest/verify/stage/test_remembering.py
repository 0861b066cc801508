"""Addresses are asked once in a while, however many credentials name them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.stage.remembering import MOST, Remembering
from tests.builders.verifying import Web

THERE, GONE = "https://college.example/there", "https://college.example/gone"


def remembering(web: Web, clock: Callable[[], float] = lambda: 0.0) -> Remembering:
    """One that remembers for a minute."""
    return Remembering(web, 60, clock)


def test_what_was_had_is_not_asked_for_again_until_it_has_aged() -> None:
    """A minute, here."""
    web, times = Web({THERE: 1}), iter([0.0, 59.0, 61.0, 61.0])
    fetch = remembering(web, lambda: next(times))
    assert [fetch(THERE) for _ in range(3)] == [b"1"] * 3
    assert web.asked == [THERE, THERE]


def test_a_host_that_is_gone_is_waited_for_once() -> None:
    """And stays unreachable for whoever asks next."""
    web = Web({})
    fetch = remembering(web)
    for _ in range(3):
        with pytest.raises(Unreachable):
            fetch(GONE)
    assert web.asked == [GONE]


def test_everything_is_asked_for_anew_once_it_is_forgotten() -> None:
    """As at the beginning of each round of checks."""
    web = Web({THERE: 1})
    fetch = remembering(web)
    fetch(THERE)
    fetch.forget()
    fetch(THERE)
    assert web.asked == [THERE, THERE]


def test_what_is_remembered_is_bounded() -> None:
    """Whatever addresses credentials name."""
    addresses = [f"{THERE}/{number}" for number in range(2 * MOST)]
    web = Web(dict.fromkeys(addresses, 1))
    fetch = remembering(web)
    for address in (*addresses, addresses[0]):
        fetch(address)
    assert web.asked.count(addresses[0]) == 2
