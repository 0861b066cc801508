"""Whether every demand can be filled at once: each sum in one of its ways, no unit twice (an exact cover with slack).

What there is beyond what is needed is the slack; ways, and units left over, may waste no more. Whatever has the fewest
ways left is decided next: a sum, or a unit that cannot be left over (Knuth 2000, "Dancing links"). Ways are the bits
of one integer, so a step costs little. Sums with too many ways wait until the others have left them fewer units;
counts, which waste nothing, are matched. Where little is to spare few ways remain, which is just where trading finds
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.allocate.ways import Book, Way

ONE_OF_MANY = 2
"""By how many ways more a choice counts where several sums that are alike are to be filled."""

STEP = 8
"""What a step costs, in ways found; matching counts costs several times as much."""
MATCHING = 40

FIRST_TRY = 1_000
"""The effort of the first try; each further one has half as much again."""

Taken = dict[int, Units]


class _OutOfEffort(Exception):
    """The search is over without an answer."""


class _Effort:
    """How much may still be done, in ways found; a step costs as much as several."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, ways: int) -> None:
        """Raises: _OutOfEffort."""
        if self.left <= 0:
            raise _OutOfEffort
        self.left -= ways

    def part(self, most: int) -> _Effort:
        """Some of it, taken away here. Raises: _OutOfEffort when there is none."""
        self.spend(most)
        return _Effort(most)


class _State(NamedTuple):
    """The ways that are open, how many of each kind and of each sum are left, and what may still be wasted."""

    open: int
    kinds: tuple[int, ...]
    sums: tuple[int, ...]
    slack: int


class _Cover:
    """One search in a book of ways."""

    def __init__(self, demands: Sequence[Demand], book: Book) -> None:
        self.demands = demands
        self.book = book
        self.counts = tuple(place for place, demand in enumerate(demands) if demand.is_count)
        self.dead: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        self.turn = 0

    def run(self, effort: _Effort) -> Taken | None:
        """The units of each demand; None when nothing fills all of them.

        A search that went astray early would not come back in time: so it is tried again and again, each time in
        another order and for longer, and what is known to lead nowhere is not entered again.

        Raises: _OutOfEffort.
        """
        book = self.book
        if book.waiting and not book.sums:
            raise _OutOfEffort
        kinds, sums = tuple(len(kind.units) for kind in book.kinds), tuple(len(one.places) for one in book.sums)
        start = _State((1 << len(book.ways)) - 1, kinds, sums, book.slack)
        most = FIRST_TRY
        while True:
            part = effort.part(most)
            try:
                return self._from(start, (), part)
            except _OutOfEffort:
                most, self.turn = most + most // 2, self.turn + 1

    def _from(self, state: _State, chosen: tuple[int, ...], effort: _Effort) -> Taken | None:
        key = state.kinds, state.sums
        if key in self.dead:
            return None
        effort.spend(STEP + MATCHING if self.counts else STEP)
        if not any(state.sums):
            return self._finished(state, chosen, effort)
        for number in self._ordered(self._narrowest(state)):
            found = self._from(self._after(state, self.book.ways[number]), (*chosen, number), effort)
            if found is not None:
                return found
        self.dead.add(key)
        return None

    def _ordered(self, ways: int) -> Iterable[int]:
        """The ways in the order of this try: as found, and then in orders that only look as if by chance."""
        if not self.turn:
            return bits(ways)
        return sorted(bits(ways), key=lambda number: (number + 1) * self.turn * 7919 % 10007)

    def _after(self, state: _State, way: Way) -> _State:
        """The state once a sum is filled that way."""
        kinds, sums, open_ = list(state.kinds), list(state.sums), state.open
        for kind, times in way.picked:
            kinds[kind] -= times
            open_ &= ~self.book.over[kind][kinds[kind]]
        sums[way.sum] -= 1
        if not sums[way.sum]:
            open_ &= ~self.book.filling[way.sum]
        slack = state.slack - way.waste
        if way.waste:
            for waste, ways in self.book.wasting.items():
                if waste > slack:
                    open_ &= ~ways
        return _State(open_, tuple(kinds), tuple(sums), slack)

    def _narrowest(self, state: _State) -> int:
        """The fewest ways one of which must be chosen; 0 when something can be filled in none, or too much is lost."""
        musts = [(state.open & ways, left) for ways, left in zip(self.book.filling, state.sums, strict=True) if left]
        lost = 0
        for kind, using, top in self.book.own:
            left = state.kinds[kind]
            ways = state.open & using
            if not ways:
                lost += top * left
            elif left and top > state.slack:
                musts.append((ways, left))
        if lost > state.slack or not self._others_have_enough(state):
            return 0
        return min(musts, key=_narrowness)[0]

    def _others_have_enough(self, state: _State) -> bool:
        """Whether the sums that wait, and the counts, can still be filled, each set of them by itself."""
        for place in self.book.waiting:
            has = sum(left * kind.worth.get(place, 0) for left, kind in zip(state.kinds, self.book.kinds, strict=True))
            if has < self.demands[place].need:
                return False
        return not self.counts or self._matched(self._free(state)) is not None

    def _free(self, state: _State) -> Units:
        free = 0
        for left, kind in zip(state.kinds, self.book.kinds, strict=True):
            for unit in kind.units[len(kind.units) - left :]:
                free |= unit
        return free

    def _matched(self, free: Units) -> Taken | None:
        counts = [self.demands[place] for place in self.counts]
        taken = matched(counts, free)
        if all(units.bit_count() >= demand.need for demand, units in zip(counts, taken, strict=True)):
            return dict(zip(self.counts, taken, strict=True))
        return None

    def _finished(self, state: _State, chosen: Iterable[int], effort: _Effort) -> Taken | None:
        """The sums that waited filled out of what is left, then the counts."""
        free = self._free(state)
        waiting = self.book.waiting
        rest = _covered(self.demands, waiting, free, effort) if waiting else self._matched(free)
        return None if rest is None else {**rest, **self._taken(chosen)}

    def _taken(self, chosen: Iterable[int]) -> Taken:
        units = [iter(kind.units) for kind in self.book.kinds]
        places = [iter(one.places) for one in self.book.sums]
        taken: Taken = {}
        for way in (self.book.ways[number] for number in chosen):
            place = next(places[way.sum])
            taken[place] = 0
            for kind, times in way.picked:
                for _ in range(times):
                    taken[place] |= next(units[kind])
        return taken


def covered(demands: Sequence[Demand], effort: int) -> tuple[tuple[Units, ...] | None, bool]:
    """What each demand takes so that all are filled, or None; and whether that is proven."""
    every = 0
    for demand in demands:
        every |= demand.wanted
    sums = [place for place, demand in enumerate(demands) if not demand.is_count and demand.need > 0]
    try:
        found = _covered(demands, sums, every, _Effort(effort))
    except _OutOfEffort:
        return None, False
    if found is None:
        return None, True
    return tuple(found.get(place, 0) for place in range(len(demands))), True


def _covered(demands: Sequence[Demand], places: Sequence[int], free: Units, effort: _Effort) -> Taken | None:
    """First with nothing wasted, as most of what can be filled can be filled so; then with all that may be."""
    exact = _cover(demands, places, free, 0, effort)
    if exact.book.slack <= 0:
        return None if exact.book.slack < 0 else exact.run(effort)
    try:
        found = exact.run(effort.part(effort.left // 2))
    except _OutOfEffort:
        found = None
    return found or _cover(demands, places, free, exact.book.slack, effort).run(effort)


def _cover(demands: Sequence[Demand], places: Sequence[int], free: Units, waste: int, effort: _Effort) -> _Cover:
    book = Book(demands, places, free, waste)
    effort.spend(book.cost)
    return _Cover(demands, book)


def _narrowness(must: tuple[int, int]) -> int:
    """How many ways there are; where several are to be chosen of the same, that counts for more, but for none."""
    ways, left = must
    count = ways.bit_count()
    return count + ONE_OF_MANY if left > 1 and count else count
