"""Ways to fill sums: every set of units that is enough for one and has none to spare, units that are alike told as one.

Units are of a kind when every demand that is looked at wants them alike. A way is so many of some kinds; it wastes what
its units are worth beyond what the sum needs, each at the most that it is worth to any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.units import Units, singles


class Kind(NamedTuple):
    """Units that are alike: the one-unit sets, oldest first; what one is worth to each sum by place, and at most."""

    units: tuple[Units, ...]
    worth: dict[int, int]
    top: int
    is_wanted_besides: bool
    """Whether a demand that has no ways of its own here wants it, too."""


class Sum(NamedTuple):
    """Sums that need the same of the same kinds: their places, what each needs, and (kind, worth), dearest first."""

    places: tuple[int, ...]
    need: int
    wanted: tuple[tuple[int, int], ...]


class Way(NamedTuple):
    """One way to fill a sum (by its number): how many of which kinds, and what that wastes."""

    sum: int
    picked: tuple[tuple[int, int], ...]
    waste: int


def kinds_of(demands: Sequence[Demand], sums: Sequence[int], besides: Sequence[int], free: Units) -> list[Kind]:
    """The free units by kind; `sums` and `besides` are places of demands that want some."""
    grouped: dict[tuple[tuple[int, int], ...], list[Units]] = {}
    for unit in singles(free):
        wanting = tuple(
            (place, demands[place].worth_of(unit)) for place in (*sums, *besides) if demands[place].wanted & unit
        )
        grouped.setdefault(wanting, []).append(unit)
    kinds = []
    for wanting, units in grouped.items():
        worth = {place: amount for place, amount in wanting if place in sums and amount}
        is_besides = any(place in besides for place, _ in wanting)
        kinds.append(Kind(tuple(units), worth, max(worth.values(), default=0), is_besides))
    return kinds


def sums_of(demands: Sequence[Demand], places: Sequence[int], kinds: Sequence[Kind]) -> list[Sum]:
    """The sums at these places, those that are alike together."""
    grouped: dict[tuple[int, tuple[tuple[int, int], ...]], list[int]] = {}
    for place in places:
        wanted = sorted((-kind.worth[place], number) for number, kind in enumerate(kinds) if place in kind.worth)
        key = demands[place].need, tuple((number, -worth) for worth, number in wanted)
        grouped.setdefault(key, []).append(place)
    return [Sum(tuple(alike), need, wanted) for (need, wanted), alike in grouped.items()]


def ways_of(number: int, one: Sum, kinds: Sequence[Kind], waste: int, most: int) -> list[Way] | None:
    """All ways to fill a sum that waste no more; None when there are more than `most`."""
    found = list(islice(_ways(number, one, kinds, waste), most + 1))
    return None if len(found) > most else found


def _ways(number: int, one: Sum, kinds: Sequence[Kind], most: int) -> Iterator[Way]:
    """Dearest kinds first, so that the last one picked is the least, and all are needed if that one is."""
    wanted = [(kind, worth, len(kinds[kind].units), kinds[kind].top - worth) for kind, worth in one.wanted]
    tails = [0]
    for _, worth, count, _ in reversed(wanted):
        tails.insert(0, tails[0] + worth * count)

    def grow(index: int, lacks: int, waste: int, picked: tuple[tuple[int, int], ...]) -> Iterator[Way]:
        for here in range(index, len(wanted)):
            if tails[here] < lacks:
                return
            kind, worth, count, loss = wanted[here]
            for times in range(1, count + 1):
                left, spent = lacks - worth * times, waste + loss * times
                if spent > most:
                    break
                if left <= 0:
                    if spent - left <= most:
                        yield Way(number, (*picked, (kind, times)), spent - left)
                    break
                yield from grow(here + 1, left, spent, (*picked, (kind, times)))

    return grow(0, one.need, 0, ())
