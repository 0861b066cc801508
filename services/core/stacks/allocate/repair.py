"""A good allocation quickly: each demand first takes what suits it, then units move along chains while that helps.

What comes back is only ever a proposal: the bound or the search says whether it is the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.core.stacks.allocate.demands import EPSILON, Demand, Tie, worth_of
from services.core.stacks.allocate.units import Units, singles

_DEPTH = 3
"""How many demands one chain of moves may pass through."""
_MOVES = 1_000
"""How many moves are weighed in all."""


class _Draft:
    """An allocation that is being improved; `have` is what each plain demand has, its own and what it took."""

    __slots__ = ("demands", "free", "have", "moves", "owner", "taken")

    def __init__(self, demands: Sequence[Demand]) -> None:
        self.demands = demands
        self.taken = [0] * len(demands)
        self.have = [demand.total - demand.need for demand in demands]
        self.owner: dict[Units, int] = {}
        self.moves = _MOVES
        self.free = 0
        for demand in demands:
            self.free |= demand.wanted

    def gain(self, place: int, unit: Units, sign: int = 1) -> float:
        """What a demand gains by a unit that it has not (or, with sign -1, loses without one that it has)."""
        demand = self.demands[place]
        if demand.is_plain:
            have = self.have[place]
            more = have + sign * demand.worth_of(unit)
            return demand.rate * abs(min(more, demand.total) - min(have, demand.total))
        mine = demand.own | self.taken[place]
        return demand.weight * abs(demand.filled(mine ^ unit) - demand.filled(mine))

    def give(self, unit: Units, place: int) -> None:
        """The unit to a demand, from whoever has it."""
        if unit & self.free:
            self.free ^= unit
        else:
            holder = self.owner[unit]
            self.taken[holder] ^= unit
            self.have[holder] -= self.demands[holder].worth_of(unit)
        self.taken[place] |= unit
        self.have[place] += self.demands[place].worth_of(unit)
        self.owner[unit] = place

    def fill_first(self) -> None:
        """Each demand, those with the least choice first, takes free units: largest first, smallest that suffices."""
        order = sorted(range(len(self.demands)), key=lambda place: (self.demands[place].wanted.bit_count(), place))
        for place in order:
            while unit := self._best_free(place):
                self.give(unit, place)

    def _best_free(self, place: int) -> Units:
        """The free unit that fills the demand most; of those that fill it, the least worth; of equals, the oldest."""
        demand = self.demands[place]
        best, best_rank = 0, (EPSILON, 0)
        for unit in singles(demand.wanted & self.free):
            rank = (self.gain(place, unit), -demand.worth_of(unit))
            if rank > best_rank:
                best, best_rank = unit, rank
        return best

    def improve(self) -> None:
        """Move units while the whole gains and moves are left."""
        moved = True
        while moved and self.moves > 0:
            moved = any(self._chain(place, _DEPTH, 0.0, 1 << place) > EPSILON for place in range(len(self.demands)))

    def _chain(self, place: int, depth: int, owed: float, passed: int) -> float:
        """The gain of the first chain that gets `place` more than is `owed`; 0, and nothing moved, if none does."""
        for unit in singles(self.demands[place].wanted & ~self.taken[place]):
            if self.moves <= 0:
                return 0.0
            self.moves -= 1
            gain = self.gain(place, unit) - owed
            if gain <= EPSILON:
                continue
            if unit & self.free:
                self.give(unit, place)
                return gain
            won = self._won_from(unit, place, depth, gain, passed)
            if won > EPSILON:
                return won
        return 0.0

    def _won_from(self, unit: Units, place: int, depth: int, gain: float, passed: int) -> float:
        holder = self.owner[unit]
        if passed >> holder & 1:
            return 0.0
        loss = self.gain(holder, unit, -1)
        self.give(unit, place)
        if gain - loss > EPSILON:
            return gain - loss
        if depth > 1:
            won = self._chain(holder, depth - 1, loss - gain, passed | 1 << holder)
            if won > EPSILON:
                return won
        self.give(unit, holder)
        return 0.0


def filled_first(demands: Sequence[Demand]) -> tuple[Units, ...]:
    """A first allocation; always the same for the same demands."""
    draft = _Draft(demands)
    draft.fill_first()
    return tuple(draft.taken)


def repaired(demands: Sequence[Demand], start: Sequence[Units]) -> tuple[Units, ...]:
    """The allocation with units moved along chains while that helps."""
    draft = _Draft(demands)
    for place, units in enumerate(start):
        for unit in singles(units):
            draft.give(unit, place)
    draft.improve()
    return tuple(draft.taken)


def proposed(demands: Sequence[Demand]) -> tuple[Units, ...]:
    """A good allocation: filled first, and repaired."""
    return repaired(demands, filled_first(demands))


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
