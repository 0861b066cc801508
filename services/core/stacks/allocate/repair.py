"""A good allocation quickly: each demand first takes what suits it, then units move along chains while that helps.

What comes back is only ever a proposal: the bound or the search says whether it is the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.core.stacks.allocate.demands import EPSILON, Demand, Tie, worth_of
from services.core.stacks.allocate.units import Units, singles

_DEPTH = 3
"""How many demands one chain of moves may pass through."""


class _Draft:
    """An allocation that is being improved."""

    __slots__ = ("demands", "free", "taken")

    def __init__(self, demands: Sequence[Demand]) -> None:
        self.demands = demands
        self.taken = [0] * len(demands)
        self.free = 0
        for demand in demands:
            self.free |= demand.wanted

    def filled(self, place: int, units: Units) -> float:
        """What a demand is worth with these units."""
        demand = self.demands[place]
        return demand.weight * demand.filled(demand.own | units)

    def fill_first(self) -> None:
        """Each demand, those with the least choice first, takes free units: largest first, smallest that suffices."""
        order = sorted(range(len(self.demands)), key=lambda place: (self.demands[place].wanted.bit_count(), place))
        for place in order:
            self._take_free(place)

    def _take_free(self, place: int) -> None:
        while True:
            unit = self._best_free(place)
            if not unit:
                return
            self.free ^= unit
            self.taken[place] |= unit

    def _best_free(self, place: int) -> Units:
        """The free unit that fills the demand most; of those that fill it, the least worth; of equals, the oldest."""
        now = self.filled(place, self.taken[place])
        worth = self.demands[place].worth
        best, best_rank = 0, (now + EPSILON, 0)
        for unit in singles(self.demands[place].wanted & self.free):
            size = 0 if worth is None else worth.get(unit.bit_length() - 1, 0)
            rank = (self.filled(place, self.taken[place] | unit), -size)
            if rank > best_rank:
                best, best_rank = unit, rank
        return best

    def improve(self) -> None:
        """Move units while the whole gains."""
        moved = True
        while moved:
            moved = any(self._chain(place, _DEPTH, 0.0, 1 << place) > EPSILON for place in range(len(self.demands)))

    def _chain(self, place: int, depth: int, owed: float, passed: int) -> float:
        """The gain of the first chain that gets `place` more than is `owed`; 0, and nothing moved, if none does."""
        mine = self.taken[place]
        now = self.filled(place, mine)
        for unit in singles(self.demands[place].wanted & ~mine):
            gain = self.filled(place, mine | unit) - now - owed
            if gain <= EPSILON:
                continue
            if unit & self.free:
                self.free ^= unit
                self.taken[place] |= unit
                return gain
            won = self._won_from(unit, place, depth, gain, passed)
            if won > EPSILON:
                return won
        return 0.0

    def _won_from(self, unit: Units, place: int, depth: int, gain: float, passed: int) -> float:
        holder = next(one for one, units in enumerate(self.taken) if units & unit)
        if passed >> holder & 1:
            return 0.0
        loss = self.filled(holder, self.taken[holder]) - self.filled(holder, self.taken[holder] ^ unit)
        self.taken[holder] ^= unit
        self.taken[place] |= unit
        if gain - loss > EPSILON:
            return gain - loss
        if depth > 1:
            won = self._chain(holder, depth - 1, loss - gain, passed | 1 << holder)
            if won > EPSILON:
                return won
        self.taken[holder] |= unit
        self.taken[place] ^= unit
        return 0.0


def proposed(demands: Sequence[Demand]) -> tuple[Units, ...]:
    """A good allocation, by filling first and repairing after; always the same for the same demands."""
    draft = _Draft(demands)
    draft.fill_first()
    draft.improve()
    return tuple(draft.taken)


def climbed(demands: Sequence[Demand], ties: Sequence[Tie], start: Sequence[Units]) -> tuple[Units, ...]:
    """The allocation improved for its ties, one unit at a time: given, taken back or moved while the whole gains."""
    taken, worth = list(start), worth_of(demands, start, ties)
    gained = True
    while gained:
        gained = False
        for moved in _moves(demands, taken):
            better = worth_of(demands, moved, ties)
            if better > worth + EPSILON:
                taken, worth, gained = moved, better, True
                break
    return tuple(taken)


def _moves(demands: Sequence[Demand], taken: Sequence[Units]) -> Iterator[list[Units]]:
    every = 0
    for demand in demands:
        every |= demand.wanted
    for unit in singles(every):
        without = [units & ~unit for units in taken]
        for place, demand in enumerate(demands):
            if demand.wanted & unit and not taken[place] & unit:
                yield [units | unit if number == place else units for number, units in enumerate(without)]
        if without != list(taken):
            yield without
