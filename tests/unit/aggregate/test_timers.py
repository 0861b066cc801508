"""When workers are looked at again."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from services.aggregate.timers import Timers
from tests.builders.records import day


def test_workers_come_up_when_their_time_has_come() -> None:
    """Soonest first, and each once."""
    timers = Timers()
    timers.set("late", day(3))
    timers.set("soon", day(1))
    timers.set("later", day(9))
    assert timers.due(day(3), limit=10) == ["soon", "late"]
    assert timers.due(day(3), limit=10) == []
    assert timers.next_at() == day(9)


def test_bringing_forward_never_puts_off() -> None:
    """A batch knows of a part of the worker only: what was waited for before still is."""
    timers = Timers()
    timers.set("w", day(5))
    timers.bring_forward("w", day(8))
    assert timers.next_at() == day(5)
    timers.bring_forward("w", day(2))
    assert timers.next_at() == day(2)


def test_setting_puts_off_and_takes_away() -> None:
    """A look at the whole worker decides anew."""
    timers = Timers()
    timers.set("w", day(1))
    timers.set("w", day(4))
    assert timers.due(day(2), limit=10) == []
    timers.set("w", None)
    assert timers.next_at() is None
    assert len(timers) == 0


def test_a_limit_leaves_the_rest_for_the_next_turn() -> None:
    """Many workers expire at midnight: they are taken a slice at a time."""
    timers = Timers()
    for number in range(5):
        timers.set(f"w{number}", day(number))
    assert timers.due(day(9), limit=2) == ["w0", "w1"]
    assert timers.due(day(9), limit=9) == ["w2", "w3", "w4"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 9).map(day)))))
def test_the_last_word_about_a_worker_counts(words: list[tuple[str, datetime | None]]) -> None:
    """Whatever was set and replaced, what comes up is what was set last."""
    timers = Timers()
    last: dict[str, datetime] = {}
    for worker_id, at in words * 40:
        timers.set(worker_id, at)
        last.pop(worker_id, None)
        if at is not None:
            last[worker_id] = at
    assert timers.next_at() == min(last.values(), default=None)
    assert sorted(timers.due(day(9), limit=99)) == sorted(last)
