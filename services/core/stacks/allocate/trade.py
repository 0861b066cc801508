"""Trading units between demands until all are filled: for sums that leave little to spare, or nothing.

The demand that lacks most takes a unit, giving one of its own or none, where the whole then lacks least; what was
traded rests for a while, so that the search moves on instead of back (tabu search, Glover 1989). It finds what there
is many ways of; that there is none it cannot say. Nothing in it is random, so replays trade alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.units import Units, bits

_REST = 8
"""For how many trades a unit rests that was traded."""

Offer = tuple[int, int, int | None, int | None]
"""What the whole lacks more by it, the unit, the one given for it, and the demand it is taken from."""


class _Market:
    """Who has what, and what each demand lacks; below zero is more than it needs."""

    __slots__ = ("holder", "lack", "rests", "taken", "worth")

    def __init__(self, demands: Sequence[Demand], start: Sequence[Units]) -> None:
        self.worth = [{unit: demand.worth_of(1 << unit) for unit in bits(demand.wanted)} for demand in demands]
        self.taken = [set(bits(units)) for units in start]
        self.holder = {unit: place for place, units in enumerate(self.taken) for unit in units}
        self.lack = [
            demand.need - sum(self.worth[place][unit] for unit in self.taken[place])
            for place, demand in enumerate(demands)
        ]
        self.rests: dict[int, int] = {}

    def neediest(self, turn: int) -> int | None:
        """The demand that lacks most, of equals each in turn; None when none lacks anything."""
        count = len(self.lack)
        place = max(range(count), key=lambda one: (self.lack[one], (one - turn) % count))
        return place if self.lack[place] > 0 else None

    def trade(self, place: int, turn: int) -> None:
        """The trade that leaves the whole lacking least, though it be more than now."""
        best = min(self._offers(place, turn), key=lambda offer: offer[0], default=None)
        if best is None:
            return
        _, unit, given, holder = best
        self._leave(unit, holder)
        if given is not None:
            self._leave(given, place)
            if holder is not None and given in self.worth[holder]:
                self._join(given, holder)
            self.rests[given] = turn + _REST
        self._join(unit, place)
        self.rests[unit] = turn + _REST

    def _leave(self, unit: int, place: int | None) -> None:
        if place is not None:
            self.taken[place].discard(unit)
            self.lack[place] += self.worth[place][unit]
            del self.holder[unit]

    def _join(self, unit: int, place: int) -> None:
        self.taken[place].add(unit)
        self.lack[place] -= self.worth[place][unit]
        self.holder[unit] = place

    def _offers(self, place: int, turn: int) -> Iterator[Offer]:
        """Every trade that a demand can make with units that do not rest, older units first."""
        worth, lack, rests = self.worth[place], self.lack[place], self.rests
        gives = [(None, 0), *((unit, worth[unit]) for unit in sorted(self.taken[place]) if rests.get(unit, 0) <= turn)]
        for unit in sorted(worth.keys() - self.taken[place]):
            if rests.get(unit, 0) > turn:
                continue
            holder, short = self.holder.get(unit), lack - worth[unit]
            if holder is None:
                for given, loss in gives:
                    yield max(short + loss, 0) - lack, unit, given, None
                continue
            theirs, has = self.worth[holder], self.lack[holder]
            was, then = max(has, 0), has + theirs[unit]
            for given, loss in gives:
                back = 0 if given is None else theirs.get(given, 0)
                yield max(short + loss, 0) - lack + max(then - back, 0) - was, unit, given, holder


def traded(demands: Sequence[Demand], start: Sequence[Units], trades: int) -> tuple[Units, ...] | None:
    """What each demand takes so that all are filled, found within so many trades from `start`; None if it was not."""
    market = _Market(demands, start)
    for turn in range(trades + 1):
        place = market.neediest(turn)
        if place is None:
            return tuple(sum(1 << unit for unit in units) for units in market.taken)
        market.trade(place, turn)
    return None
