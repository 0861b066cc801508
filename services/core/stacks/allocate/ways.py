"""Ways to fill sums: every set of units that is enough for one and has none to spare, units that are alike told as one.

Units are of a kind when every demand wants them alike. A way is so many of some kinds; it wastes what its units are
worth beyond what the sum needs, each at the most that it is worth to any sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.units import Units, singles


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
