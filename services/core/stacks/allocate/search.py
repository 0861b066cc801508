"""Bounded search over whole allocations, for what neither paths nor bounds decide.

Unit by unit, each goes to one of the demands that want it or to none; a branch is left when even with every unit that
remains it could not beat the best so far, and a state that was met before is not entered again. Running out of steps
leaves the best found, not proven.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.core.stacks.allocate.demands import EPSILON, Allocation, Demand, Tie, worth_of
from services.core.stacks.allocate.units import Units, singles


class _Search:
    """One search: what is decided so far, and the best whole allocation met."""

    __slots__ = (
        "best",
        "best_worth",
        "demands",
        "met",
        "order",
        "steps",
        "taken",
        "takers",
        "target",
        "tied",
        "ties",
        "unused",
    )

    def __init__(
        self, demands: Sequence[Demand], ties: Sequence[Tie], start: Sequence[Units], target: float, steps: int
    ) -> None:
        self.demands = demands
        self.ties = ties
        self.tied = frozenset(place for tie in ties for place in tie.places)
        self.best = tuple(start)
        self.best_worth = worth_of(demands, start, ties)
        self.target = target
        self.steps = steps
        self.taken = [0] * len(demands)
        self.met: set[tuple[object, ...]] = set()
        self.order = self._ordered()
        self.takers = [[place for place, one in enumerate(demands) if one.wanted & unit] for unit in self.order]
        self.unused = [0] * (len(self.order) + 1)
        for index in range(len(self.order) - 1, -1, -1):
            self.unused[index] = self.unused[index + 1] | self.order[index]

    def _ordered(self) -> list[Units]:
        every = 0
        for demand in self.demands:
            every |= demand.wanted
        return sorted(singles(every), key=lambda unit: (self._takers_of(unit), -self._size(unit), unit))

    def _takers_of(self, unit: Units) -> int:
        return sum(1 for demand in self.demands if demand.wanted & unit)

    def _size(self, unit: Units) -> int:
        number = unit.bit_length() - 1
        return max((demand.worth or {}).get(number, 0) for demand in self.demands)

    def run(self, index: int) -> bool:
        """Decide the units from `index` on; False when the steps ran out."""
        if self.best_worth >= self.target - EPSILON:
            return True
        if self._possible(index) <= self.best_worth + EPSILON:
            return True
        if index == len(self.order):
            self.best, self.best_worth = tuple(self.taken), worth_of(self.demands, self.taken, self.ties)
            return True
        if self._was_met(index):
            return True
        if not self.steps:
            return False
        self.steps -= 1
        return self._try_each(index)

    def _try_each(self, index: int) -> bool:
        unit = self.order[index]
        for place in self.takers[index]:
            self.taken[place] |= unit
            came_to_end = self.run(index + 1)
            self.taken[place] ^= unit
            if not came_to_end:
                return False
        return self.run(index + 1)

    def _possible(self, index: int) -> float:
        unused = self.unused[index]
        worth = sum(
            demand.weight * demand.filled(demand.own | units | (unused & demand.wanted))
            for demand, units in zip(self.demands, self.taken, strict=True)
        )
        for tie in self.ties:
            now = tuple(self.demands[place].own | self.taken[place] for place in tie.places)
            more = tuple(unused & self.demands[place].wanted for place in tie.places)
            worth += tie.weight * tie.possible(now, more)
        return worth

    def _was_met(self, index: int) -> bool:
        levels = (
            units if demand.level is None or place in self.tied else demand.level(demand.own | units)
            for place, (demand, units) in enumerate(zip(self.demands, self.taken, strict=True))
        )
        state = (index, *levels)
        if state in self.met:
            return True
        self.met.add(state)
        return False


def searched(
    demands: Sequence[Demand], ties: Sequence[Tie], start: Sequence[Units], target: float, steps: int
) -> Allocation:
    """The best allocation found within so many steps, no worse than `start`; proven when none is worth more.

    `target` is a worth that none exceeds: reaching it ends the search.
    """
    search = _Search(demands, ties, start, target, steps)
    came_to_end = search.run(0)
    return Allocation(search.best, search.best_worth, came_to_end)
