"""Counts by augmenting paths: exact, in time that grows with awards times rules.

The sets of places that can be filled form a transversal matroid, so filling the places of greatest weight first, each
by an augmenting path, gives the greatest weight there is. Source: Kuhn 1955; Edmonds 1971 on the greedy algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.units import Units


class _Matching:
    """Which demand each unit serves, and what each demand has."""

    __slots__ = ("free", "owner", "taken", "visited", "wanted")

    def __init__(self, demands: Sequence[Demand], allowed: Units) -> None:
        self.wanted = [demand.wanted & allowed for demand in demands]
        self.taken = [0] * len(demands)
        self.owner: dict[Units, int] = {}
        self.free = 0
        self.visited = 0
        for wanted in self.wanted:
            self.free |= wanted

    def fill(self, place: int) -> bool:
        """One more unit for a demand, the oldest that can be had without any other losing."""
        self.visited = 0
        return self._augment(place)

    def _augment(self, place: int) -> bool:
        wanted = self.wanted[place]
        free = wanted & self.free
        if free:
            unit = free & -free
            self.free ^= unit
            self._give(unit, place)
            return True
        while candidates := wanted & ~self.visited & ~self.taken[place]:
            unit = candidates & -candidates
            self.visited |= unit
            holder = self.owner[unit]
            if self._augment(holder):
                self.taken[holder] ^= unit
                self._give(unit, place)
                return True
        return False

    def _give(self, unit: Units, place: int) -> None:
        self.owner[unit] = place
        self.taken[place] |= unit


def matched(demands: Sequence[Demand], allowed: Units = -1) -> tuple[Units, ...]:
    """What each count takes, of the allowed units, in an allocation of the greatest worth. All must be counts."""
    matching = _Matching(demands, allowed)
    order = sorted(range(len(demands)), key=lambda place: (-demands[place].rate, place))
    for place in order:
        for _ in range(demands[place].need):
            if not matching.fill(place):
                break
    return tuple(matching.taken)
