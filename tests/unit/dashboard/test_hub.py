"""The hub: one poll an employer, one drawing a page and beat."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest

from services.dashboard.errors import TooMany
from services.dashboard.hub import Hub
from services.dashboard.tenant import Tenant
from services.runtime.errors import Unavailable

ACME = Tenant("acme")
LONG = 30.0


class Pulse:
    """A pulse that tests set, and that counts who asked."""

    def __init__(self) -> None:
        self.mark = 0
        self.asked: Counter[Tenant] = Counter()
        self.is_away = False

    async def __call__(self, tenant: Tenant) -> int:
        """The mark."""
        self.asked[tenant] += 1
        if self.is_away:
            raise Unavailable("ClickHouse", "away")
        return self.mark


def hub_over(pulse: Pulse, most: int = 10) -> Hub:
    """A hub that asks as fast as it can."""
    return Hub(pulse, interval_seconds=0, most_watchers=most)


async def test_a_changed_pulse_is_a_beat() -> None:
    """Whoever waits goes on when the pulse is another."""
    pulse = Pulse()
    async with hub_over(pulse).watching(ACME) as watch:
        waiting = asyncio.create_task(watch.after(watch.beat, LONG))
        await asyncio.sleep(0.01)
        pulse.mark = 1

        assert await waiting == 1


async def test_a_pulse_that_cannot_be_read_is_one_beat() -> None:
    """Pages hear once that ClickHouse went away, and of the first change after it is back."""
    pulse = Pulse()
    async with hub_over(pulse).watching(ACME) as watch:
        await asyncio.sleep(0.01)
        pulse.is_away = True
        await asyncio.sleep(0.01)
        assert watch.beat == 1

        pulse.is_away = False
        await asyncio.sleep(0.01)
        assert watch.beat == 1

        pulse.mark = 1
        assert await watch.after(1, LONG) == 2


async def test_time_alone_is_a_beat_too() -> None:
    """When nothing changes, the page is worked out anew after the given time."""
    async with hub_over(Pulse()).watching(ACME) as watch:
        assert await watch.after(0, timeout_seconds=0.01) == 1


async def test_one_poll_serves_all_pages_and_ends_with_the_last() -> None:
    """Employers nobody watches are not asked about."""
    pulse = Pulse()
    hub = hub_over(pulse)
    async with hub.watching(ACME) as first, hub.watching(ACME) as second:
        assert first is second
        assert hub.watchers == 2
        await asyncio.sleep(0.01)
    asked = pulse.asked[ACME]
    await asyncio.sleep(0.01)

    assert asked
    assert pulse.asked == {ACME: asked}
    assert hub.watchers == 0


async def test_a_page_is_drawn_once_a_beat() -> None:
    """Those who look at the same page share its drawing; another page, or another beat, is drawn anew."""
    drawn: list[str] = []

    async def draw(name: str) -> str:
        drawn.append(name)
        await asyncio.sleep(0)
        return name

    async with hub_over(Pulse()).watching(ACME) as watch:
        shown = await asyncio.gather(*(watch.picture(page, partial(draw, page)) for page in "aab"))
        await watch.advance()
        again = await watch.picture("a", partial(draw, "a"))

    assert (shown, again, drawn) == (["a", "a", "b"], "a", ["a", "b", "a"])


async def test_a_drawing_that_failed_is_tried_anew() -> None:
    """ClickHouse may be back before the next beat."""

    async def fail() -> str:
        raise Unavailable("ClickHouse", "away")

    async def draw() -> str:
        return "page"

    async with hub_over(Pulse()).watching(ACME) as watch:
        with pytest.raises(Unavailable):
            await watch.picture("a", fail)

        assert await watch.picture("a", draw) == "page"


async def test_too_many_watchers_are_refused() -> None:
    """One employer cannot take every connection; another one still can."""
    hub = hub_over(Pulse(), most=1)
    async with hub.watching(ACME):
        with pytest.raises(TooMany):
            async with hub.watching(ACME):
                pass
        async with hub.watching(Tenant("other")):
            assert hub.watchers == 2


async def test_closing_lets_everyone_go() -> None:
    """Streams end when the service stops."""
    hub = hub_over(Pulse())
    async with hub.watching(ACME) as watch:
        waiting = asyncio.create_task(watch.after(watch.beat, LONG))
        await asyncio.sleep(0)

        await hub.close()
        await waiting

        assert watch.is_closed
