"""The flow bound: what could be reached if credits could be split between rules.

Splitting only helps, so no allocation is worth more. The amounts that the demands can get by a flow form a polymatroid,
so filling the dearest first gives the greatest total. Measured: the bound is met by a real allocation nearly always,
which then is proven the best.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.units import bits


class _Flow:
    """How much of each unit each demand has."""

    __slots__ = ("demands", "has", "left", "visited", "wanted")

    def __init__(self, demands: Sequence[Demand]) -> None:
        self.demands = demands
        self.wanted = [tuple(bits(demand.wanted)) for demand in demands]
        self.left: dict[int, int] = {}
        self.has: list[dict[int, int]] = [{} for _ in demands]
        self.visited: set[int] = set()
        for demand in demands:
            for unit, worth in (demand.worth or {}).items():
                self.left[unit] = max(worth, self.left.get(unit, 0))

    def fill(self, place: int, need: int) -> int:
        """How much of `need` a demand can get without any other losing."""
        got = 0
        while got < need:
            self.visited = set()
            step = self._push(place, need - got)
            if not step:
                break
            got += step
        return got

    def _push(self, place: int, amount: int) -> int:
        self.visited.add(place)
        own = self.has[place]
        for unit in self.wanted[place]:
            if self.left[unit]:
                step = min(amount, self.left[unit])
                self.left[unit] -= step
                own[unit] = own.get(unit, 0) + step
                return step
        for other, held in enumerate(self.has):
            if other in self.visited:
                continue
            for unit in self.wanted[place]:
                if held.get(unit):
                    step = self._push(other, min(amount, held[unit]))
                    if step:
                        held[unit] -= step
                        own[unit] = own.get(unit, 0) + step
                        return step
                    break
        return 0


def bound(demands: Sequence[Demand]) -> float:
    """A worth that no allocation of the demands exceeds."""
    sums = [demand for demand in demands if demand.is_plain and not demand.is_count]
    counts = [demand for demand in demands if demand.is_count]
    others = [demand for demand in demands if not demand.is_plain]
    worth = sum(demand.weight * demand.filled(demand.own | demand.wanted) for demand in others)
    for demand, taken in zip(counts, matched(counts), strict=True):
        worth += demand.weight * demand.filled(demand.own | taken)
    return worth + _bound_of_sums(sums)


def _bound_of_sums(sums: Sequence[Demand]) -> float:
    flow = _Flow(sums)
    worth = 0.0
    for place in sorted(range(len(sums)), key=lambda place: (-sums[place].rate, place)):
        demand = sums[place]
        worth += demand.rate * (demand.total - demand.need + flow.fill(place, demand.need))
    return worth
