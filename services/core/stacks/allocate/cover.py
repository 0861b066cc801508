"""Whether every demand can be filled at once, by covering one after another.

The demand with the least to spare is next; its units are taken in every way that leaves the others enough in all,
smallest waste first. Where little is to spare, few ways remain, which is just where proposals fail. Counts, which
cannot waste, come last and are matched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.units import Units, singles

Taken = dict[int, Units]


class _OutOfSteps(Exception):
    """The search is over without an answer."""


class _Cover:
    """One search: the steps left, and the states that are known to lead nowhere."""

    __slots__ = ("counts", "dead", "demands", "steps", "sums")

    def __init__(self, demands: Sequence[Demand], steps: int) -> None:
        self.demands = demands
        self.steps = steps
        self.sums = tuple(place for place, demand in enumerate(demands) if not demand.is_count)
        self.counts = tuple(place for place, demand in enumerate(demands) if demand.is_count)
        self.dead: set[tuple[Units, tuple[int, ...]]] = set()

    def run(self, free: Units, places: tuple[int, ...]) -> Taken | None:
        """The units that fill these sums, and all counts, out of the free ones; None when nothing does."""
        if not places:
            return self._matched(free)
        if (free, places) in self.dead:
            return None
        spare = {place: self._amount(place, free) - self.demands[place].need for place in places}
        place = min(places, key=lambda one: (spare[one], one))
        slack = self._slack(free, places)
        if spare[place] >= 0 and slack >= 0:
            rest = tuple(one for one in places if one != place)
            for units in self._ways(place, free, rest, slack):
                found = self.run(free & ~units, rest)
                if found is not None:
                    return {**found, place: units}
        self.dead.add((free, places))
        return None

    def _amount(self, place: int, units: Units) -> int:
        return sum(self._worth(place, unit) for unit in singles(units & self.demands[place].wanted))

    def _worth(self, place: int, unit: Units) -> int:
        return self.demands[place].worth_of(unit)

    def _slack(self, free: Units, places: Sequence[int]) -> int:
        """How much more there is, each unit at its greatest worth, than these demands need together."""
        total = sum(
            max((self._worth(place, unit) for place in places if self.demands[place].wanted & unit), default=0)
            for unit in singles(free)
        )
        return total - sum(self.demands[place].need for place in places)

    def _ways(self, place: int, free: Units, rest: Sequence[int], slack: int) -> Iterator[Units]:
        """Sets of units that fill a demand without one to spare, wasting no more than there is; exact fits first."""
        units = [(self._worth(place, unit), unit) for unit in singles(free & self.demands[place].wanted)]
        units.sort(key=lambda pair: (self._rivals(pair[1], rest), -pair[0], pair[1]))
        need = self.demands[place].need
        wasteful: list[tuple[int, Units]] = []
        for total, taken in self._sets(units, need, need + slack, rest):
            if total == need:
                yield taken
            else:
                wasteful.append((total, taken))
        yield from (taken for _, taken in sorted(wasteful))

    def _rivals(self, unit: Units, rest: Sequence[int]) -> int:
        """How many others want a unit."""
        return sum(1 for place in rest if self.demands[place].wanted & unit)

    def _alike(self, unit: Units, rest: Sequence[int]) -> tuple[object, ...]:
        """What makes one unit as good as another to the demands that are left."""
        return tuple(
            (place, self._worth(place, unit)) for place in (*rest, *self.counts) if self.demands[place].wanted & unit
        )

    def _sets(
        self, units: Sequence[tuple[int, Units]], need: int, most: int, rest: Sequence[int]
    ) -> Iterator[tuple[int, Units]]:
        """Sets of units worth from `need` to `most` that would be short without any one of theirs."""
        tails = [0]
        for worth, _ in reversed(units):
            tails.insert(0, tails[0] + worth)
        alike = [(worth, self._alike(unit, rest)) for worth, unit in units]

        def grow(index: int, total: int, taken: Units, least: int) -> Iterator[tuple[int, Units]]:
            if total >= need:
                if total - least < need:
                    yield total, taken
                return
            if total + tails[index] < need:
                return
            if not self.steps:
                raise _OutOfSteps
            self.steps -= 1
            tried: set[tuple[int, tuple[object, ...]]] = set()
            for here in range(index, len(units)):
                worth, unit = units[here]
                if alike[here] in tried or total + worth > most or total + tails[here] < need:
                    continue
                tried.add(alike[here])
                yield from grow(here + 1, total + worth, taken | unit, min(least, worth))

        yield from grow(0, 0, 0, need)

    def _matched(self, free: Units) -> Taken | None:
        counts = [self.demands[place] for place in self.counts]
        taken = matched(counts, free)
        if all(units.bit_count() >= demand.need for demand, units in zip(counts, taken, strict=True)):
            return dict(zip(self.counts, taken, strict=True))
        return None


def covered(demands: Sequence[Demand], steps: int) -> tuple[tuple[Units, ...] | None, bool]:
    """What each demand takes so that all are filled, or None; and whether that is proven."""
    cover = _Cover(demands, steps)
    every = 0
    for demand in demands:
        every |= demand.wanted
    try:
        found = cover.run(every, tuple(place for place in cover.sums if demands[place].need > 0))
    except _OutOfSteps:
        return None, False
    if found is None:
        return None, True
    return tuple(found.get(place, 0) for place in range(len(demands))), True
