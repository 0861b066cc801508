"""What waits to be read: counted beside the requests, told to its leading digit, not known while Kafka is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from services.dashboard.backlog import Backlog, Counted, about
from services.runtime.errors import Unavailable
from tests.builders.analytics import NOW


def looked(*counts: Callable[[], Counted]) -> Backlog:
    """A backlog that looked so many times."""
    answers = iter(counts)
    backlog = Backlog(lambda: _next(answers), lambda: NOW)
    for _ in counts:
        asyncio.run(backlog.look())
    return backlog


def _next(answers: Iterator[Callable[[], Counted]]) -> Counted:
    return next(answers)()


def _away() -> Counted:
    raise Unavailable("kafka", "nothing answers")


def test_what_waits_is_told_with_its_time() -> None:
    """Records and payloads, neither to the last one: what others send is not to be counted."""
    waiting = looked(lambda: (1742, 0)).waiting
    assert waiting is not None
    assert (waiting.records, waiting.payloads, waiting.counted_at) == (2000, 0, NOW)


def test_it_is_not_known_while_kafka_is_away() -> None:
    """What was found before is not told on; the next look tells again."""
    assert looked(lambda: (5, 5), _away).waiting is None
    assert looked(_away, lambda: (5, 5)).waiting is not None


@pytest.mark.parametrize("number, told", [(0, 0), (1, 1), (9, 9), (14, 10), (96, 100), (1742, 2000), (10**6, 10**6)])
def test_a_number_is_told_to_its_leading_digit(number: int, told: int) -> None:
    """Nothing is nothing."""
    assert about(number) == told
