"""Ways to fill sums: every set of units that is enough for one and has none to spare, units that are alike told as one.

Units are of a kind when every demand wants them alike. A way is so many of some kinds; it wastes what its units are
worth beyond what the sum needs, each at the most that it is worth to any sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.units import Units, singles

MOST_WAYS = 600
"""A sum with more ways has none written down."""

OPENING = 60
"""What opening a book costs, in ways found."""


class Kind(NamedTuple):
    """Units that are alike: the one-unit sets, oldest first; what one is worth to each sum (by place), and at most.

    `is_counted` when a count wants it, too.
    """

    units: tuple[Units, ...]
    worth: dict[int, int]
    top: int
    is_counted: bool


class Sum(NamedTuple):
    """Sums that are alike: their places, what each needs, and what it wants as (kind, worth), dearest first."""

    places: tuple[int, ...]
    need: int
    wanted: tuple[tuple[int, int], ...]


class Way(NamedTuple):
    """One way to fill a sum (by its number): how many of which kinds, and what that wastes."""

    sum: int
    picked: tuple[tuple[int, int], ...]
    waste: int


def kinds_of(demands: Sequence[Demand], places: Sequence[int], free: Units) -> list[Kind]:
    """The free units by kind, as the demands at these places want them."""
    grouped: dict[tuple[tuple[int, int], ...], list[Units]] = {}
    for unit in singles(free):
        wanting = tuple((place, demands[place].worth_of(unit)) for place in places if demands[place].wanted & unit)
        grouped.setdefault(wanting, []).append(unit)
    return [_kind(demands, wanting, units) for wanting, units in grouped.items() if wanting]


def _kind(demands: Sequence[Demand], wanting: Sequence[tuple[int, int]], units: Sequence[Units]) -> Kind:
    worth = {place: amount for place, amount in wanting if amount and not demands[place].is_count}
    is_counted = any(demands[place].is_count for place, _ in wanting)
    return Kind(tuple(units), worth, max(worth.values(), default=0), is_counted)


def sums_of(demands: Sequence[Demand], places: Sequence[int], kinds: Sequence[Kind]) -> list[Sum]:
    """The sums at these places, those that are alike together."""
    grouped: dict[tuple[int, tuple[tuple[int, int], ...]], list[int]] = {}
    for place in places:
        wanted = sorted((-kind.worth[place], number) for number, kind in enumerate(kinds) if place in kind.worth)
        key = demands[place].need, tuple((number, -worth) for worth, number in wanted)
        grouped.setdefault(key, []).append(place)
    return [Sum(tuple(alike), need, wanted) for (need, wanted), alike in grouped.items()]


def ways_of(number: int, one: Sum, kinds: Sequence[Kind], waste: int, most: int) -> list[Way] | None:
    """All ways to fill a sum that waste no more than that; None when there are more than `most`.

    Dearest kinds first: so the last one picked is the least, and if that one is needed all are.
    """
    wanted = [(kind, worth, len(kinds[kind].units), kinds[kind].top - worth) for kind, worth in one.wanted]
    tails = [0]
    for _, worth, count, _ in reversed(wanted):
        tails.append(tails[-1] + worth * count)
    tails.reverse()
    found: list[Way] = []

    def grow(index: int, lacks: int, spent: int, picked: tuple[tuple[int, int], ...]) -> None:
        for here in range(index, len(wanted)):
            if tails[here] < lacks or len(found) > most:
                return
            kind, worth, count, loss = wanted[here]
            left, wasted = lacks, spent
            for times in range(1, count + 1):
                left, wasted = left - worth, wasted + loss
                if left <= 0:
                    if wasted - left <= waste:
                        found.append(Way(number, (*picked, (kind, times)), wasted - left))
                    break
                if wasted > waste:
                    break
                grow(here + 1, left, wasted, (*picked, (kind, times)))

    grow(0, one.need, 0, ())
    return None if len(found) > most else found


class Book:
    """The ways to fill the sums at some places out of the free units, wasting no more than so much, as sets of bits.

    `slack` is how much more there is, each unit at the most that it is worth, than sums need and counts must take away;
    `waiting` are the places of sums with too many ways; `filling` has by sum, `wasting` by waste, and `over` by kind
    and number the ways that fill it, waste it, or use more of the kind than that. `own` are the kinds that only sums
    with ways want: number, the ways that use it, and what one is worth at most. `cost` is what it took, in ways found.
    """

    def __init__(self, demands: Sequence[Demand], places: Sequence[int], free: Units, waste: int) -> None:
        counts = [place for place, demand in enumerate(demands) if demand.is_count]
        self.kinds = kinds_of(demands, (*places, *counts), free)
        self.slack = _slack(demands, places, counts, self.kinds)
        self.sums: list[Sum] = []
        self.waiting: list[int] = []
        self.ways: list[Way] = []
        self.cost = OPENING
        for one in sums_of(demands, places, self.kinds):
            self._add(one, ways_of(len(self.sums), one, self.kinds, waste, MOST_WAYS))
        self._index()

    def _add(self, one: Sum, ways: list[Way] | None) -> None:
        self.cost += MOST_WAYS if ways is None else len(ways)
        if ways is None:
            self.waiting += one.places
        else:
            self.sums.append(one)
            self.ways += ways

    def _index(self) -> None:
        self.filling = [0] * len(self.sums)
        self.over = [[0] * (len(kind.units) + 1) for kind in self.kinds]
        self.wasting: dict[int, int] = {}
        for number, way in enumerate(self.ways):
            bit = 1 << number
            self.filling[way.sum] |= bit
            self.wasting[way.waste] = self.wasting.get(way.waste, 0) | bit
            for kind, times in way.picked:
                for left in range(times):
                    self.over[kind][left] |= bit
        self.own = [
            (number, self.over[number][0], kind.top)
            for number, kind in enumerate(self.kinds)
            if not kind.is_counted and kind.worth.keys().isdisjoint(self.waiting)
        ]


def _slack(demands: Sequence[Demand], places: Sequence[int], counts: Sequence[int], kinds: Sequence[Kind]) -> int:
    there_is = sum(kind.top * len(kind.units) for kind in kinds)
    away = sum(demands[place].need for place in counts)
    cheapest = sorted(kind.top for kind in kinds if kind.is_counted for _ in kind.units)[:away]
    return there_is - sum(demands[place].need for place in places) - sum(cheapest)
