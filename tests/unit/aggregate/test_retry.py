"""Trying again until it works."""

from __future__ import annotations

import pytest

from services.aggregate.retry import LONGEST_PAUSE_SECONDS, until_done
from services.runtime.batching.batch import Withdrawn
from services.runtime.errors import Bug, Unavailable


class Flaky:
    """Fails so many times, then works; keeps the pauses that were made."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.pauses: list[float] = []
        self.retried: list[str] = []

    async def attempt(self) -> str:
        """Fail or work."""
        if self.failures:
            self.failures -= 1
            raise Unavailable("clickhouse", "is away")
        return "done"

    async def pause(self, seconds: float) -> None:
        """Note the pause instead of making it."""
        self.pauses.append(seconds)


async def test_an_attempt_is_repeated_until_it_works_with_growing_pauses() -> None:
    """Nothing is given up; the pauses double up to the longest."""
    flaky = Flaky(failures=8)
    assert await until_done("insert", flaky.attempt, flaky.pause, flaky.retried.append) == "done"
    assert flaky.pauses[:3] == [0.1, 0.2, 0.4]
    assert flaky.pauses[-1] == LONGEST_PAUSE_SECONDS
    assert flaky.retried == ["insert"] * 8


async def test_a_pause_may_end_it() -> None:
    """A partition that moves away meanwhile ends the waiting."""

    async def withdraw(_: float) -> None:
        raise Withdrawn

    with pytest.raises(Withdrawn):
        await until_done("insert", Flaky(failures=1).attempt, withdraw, list[str]().append)


async def test_what_no_retry_can_mend_is_raised() -> None:
    """A bug is not waited out."""

    async def broken() -> None:
        raise Bug("broken")

    flaky = Flaky(failures=0)
    with pytest.raises(Bug):
        await until_done("insert", broken, flaky.pause, flaky.retried.append)
    assert flaky.pauses == []
