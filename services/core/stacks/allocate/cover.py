"""Whether every demand can be filled at once: each sum in one of its ways, no unit twice (an exact cover with slack).

What there is beyond what is needed is the slack; ways and units left over may not waste more. Whatever has the fewest
ways left is decided next: a sum, or a unit that cannot be left over (Knuth 2000, "Dancing links"). Ways are bits of
one integer, so a step costs little. Sums with too many ways wait until the others have left them few units; counts,
which waste nothing, come last and are matched. Where little is to spare, few ways remain, which is just where trading
finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.allocate.ways import Kind, Way, kinds_of, sums_of, ways_of

MOST_WAYS = 600
"""A sum with more ways waits."""

Taken = dict[int, Units]


class _OutOfSteps(Exception):
    """The search is over without an answer."""


class _Steps:
    """How many steps may still be taken."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self) -> None:
        if not self.left:
            raise _OutOfSteps
        self.left -= 1


class _State(NamedTuple):
    """Which ways are still open, how many of each kind are left, how many of each sum, and what may be wasted yet."""

    open: int
    kinds: list[int]
    sums: list[int]
    slack: int


class _Cover:
    """One search, over the free units and the sums at some places."""

    def __init__(
        self, demands: Sequence[Demand], places: Sequence[int], counts: Sequence[int], free: Units, waste: int | None
    ) -> None:
        self.demands = demands
        self.counts = counts
        self.waiting, kinds = self._waiting(places, free, waste)
        ready = [place for place in places if place not in self.waiting]
        self.kinds = kinds if not self.waiting else kinds_of(demands, ready, (*self.waiting, *counts), free)
        self.slack = _slack(demands, places, counts, free)
        self.sums = sums_of(demands, ready, self.kinds)
        limit = self.slack if waste is None else min(waste, self.slack)
        found = [ways_of(number, one, self.kinds, limit, MOST_WAYS) for number, one in enumerate(self.sums)]
        self.ways = [way for ways in found for way in ways or ()]
        self.dead: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        self._index()
