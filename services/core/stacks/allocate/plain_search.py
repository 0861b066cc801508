"""Bounded search over counts and plain sums: numbers instead of sets, so that a step costs little.

What matters of an allocation is how much each demand still wants; a unit goes to one demand or to none. The same order,
bound and memory of states as in `search`, which is for everything else.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.core.stacks.allocate.demands import EPSILON, Allocation, Demand, worth_of
from services.core.stacks.allocate.units import Units, singles


class _Numbers:
    """One search: what each demand still wants, and what the units from each index on could still give it."""

    __slots__ = ("best", "best_worth", "left", "met", "order", "places", "rates", "rest", "steps", "takers", "way")

    def __init__(self, demands: Sequence[Demand], best_worth: float, steps: int) -> None:
        self.best: list[int] | None = None
        self.best_worth = best_worth
        self.steps = steps
        self.left = [demand.need for demand in demands]
        self.rates = [demand.rate for demand in demands]
        self.places = range(len(demands))
        self.met: set[tuple[int, ...]] = set()
        self.order = _ordered(demands)
        self.takers = [_takers(demands, unit) for unit in self.order]
        self.rest = [[0] * len(demands)]
        for takers in reversed(self.takers):
            row = list(self.rest[0])
            for place, worth in takers:
                row[place] += worth
            self.rest.insert(0, row)
        self.way: list[int] = []

    def run(self, index: int, worth: float, target: float) -> bool:
        """Decide the units from `index` on; False when the steps ran out."""
        if self.best_worth >= target - EPSILON:
            return True
        if worth > self.best_worth + EPSILON:
            self.best, self.best_worth = list(self.way), worth
        rest, left, rates = self.rest[index], self.left, self.rates
        possible = worth
        for place in self.places:
            possible += rates[place] * min(left[place], rest[place])
        if possible <= self.best_worth + EPSILON or index == len(self.order):
            return True
        state = (index, *left)
        if state in self.met:
            return True
        self.met.add(state)
        if not self.steps:
            return False
        self.steps -= 1
        return self._each(index, worth, target)

    def _each(self, index: int, worth: float, target: float) -> bool:
        left = self.left
        for place, amount in self.takers[index]:
            used = min(amount, left[place])
            if not used:
                continue
            left[place] -= used
            self.way.append(place)
            came_to_end = self.run(index + 1, worth + self.rates[place] * used, target)
            self.way.pop()
            left[place] += used
            if not came_to_end:
                return False
        self.way.append(-1)
        came_to_end = self.run(index + 1, worth, target)
        self.way.pop()
        return came_to_end


def best_plain(demands: Sequence[Demand], start: Sequence[Units], target: float, steps: int) -> Allocation:
    """The allocation worth most that was found within so many steps, no less than `start`; proven if none is.

    `target` is a worth that none exceeds. All demands must be plain.
    """
    worth = worth_of(demands, start)
    numbers = _Numbers(demands, worth, steps)
    settled = sum(demand.rate * (demand.total - demand.need) if demand.total else demand.weight for demand in demands)
    came_to_end = numbers.run(0, settled, target)
    if numbers.best is None:
        return Allocation(tuple(start), worth, came_to_end)
    taken = [0] * len(demands)
    for unit, place in zip(numbers.order, numbers.best, strict=False):
        if place >= 0:
            taken[place] |= unit
    return Allocation(tuple(taken), worth_of(demands, taken), came_to_end)


def _ordered(demands: Sequence[Demand]) -> list[Units]:
    """The units, those with the fewest takers first, of these the largest, of these the oldest."""
    every = 0
    for demand in demands:
        every |= demand.wanted

    def rank(unit: Units) -> tuple[int, int, int]:
        takers = _takers(demands, unit)
        return len(takers), -max(amount for _, amount in takers), unit

    return sorted(singles(every), key=rank)


def _takers(demands: Sequence[Demand], unit: Units) -> list[tuple[int, int]]:
    """The demands that want a unit, and what it is worth to each."""
    return [(place, demand.worth_of(unit)) for place, demand in enumerate(demands) if demand.wanted & unit]
