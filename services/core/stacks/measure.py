"""How far some units fill a leaf: what it has, what it needs, and whether that is enough.

Nothing here decides which units a leaf gets. Except for averages, `last`, and counts that observe with a maximum, more
units never fill a leaf less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.copies import Copy
from services.core.stacks.ledger import Ledger
from services.core.stacks.rules import GRAIN, AverageLeaf, CountLeaf, LastLeaf, Leaf, SumLeaf

_BY_WORTH = (SumLeaf, LastLeaf)
"""A tuple, as `|` would make a new type at every call."""


class Measured(NamedTuple):
    """What a leaf has of what it needs, in its own unit, and how far (0..1) that fills it."""

    have: float
    need: float
    fraction: float
    is_met: bool


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """The leaves' measures against one ledger. A leaf with a floor counts only what was earned no earlier."""

    ledger: Ledger
    floors: dict[Leaf, datetime] = field(default_factory=dict)
    worths: dict[Leaf, dict[int, int]] = field(default_factory=dict)

    def eligible(self, leaf: Leaf) -> Units:
        """The units that count for a leaf; of a sum, those that are worth something."""
        if isinstance(leaf, _BY_WORTH):
            units = 0
            for unit in self.worth(leaf):
                units |= 1 << unit
            return units
        units = self.ledger.eligible(leaf)
        if not units or leaf not in self.floors:
            return units
        floored = 0
        for unit in bits(units):
            if self.counting(unit, leaf):
                floored |= 1 << unit
        return floored

    def counting(self, unit: int, leaf: Leaf) -> tuple[Copy, ...]:
        """The copies of a unit that count for a leaf, oldest first."""
        copies = self.ledger.counting(unit, leaf)
        floor = self.floors.get(leaf)
        return copies if floor is None else tuple(copy for copy in copies if copy.earned_at >= floor)

    def measured(self, leaf: Leaf, units: Units) -> Measured:
        """How far the units fill the leaf."""
        if isinstance(leaf, CountLeaf):
            return self._count(leaf, units)
        if isinstance(leaf, SumLeaf):
            return self._sum(leaf, units)
        if isinstance(leaf, AverageLeaf):
            return self._average(leaf, units)
        if isinstance(leaf, LastLeaf):
            return self._last(leaf, units)
        raise TypeError(f"no such leaf: {leaf.kind}")

    def filling(self, leaf: Leaf) -> Callable[[Units], float]:
        """The leaf's fraction as a function of units."""
        if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement" and leaf.least > 0:
            least = leaf.least
            return lambda units: min(units.bit_count(), least) / least
        if isinstance(leaf, SumLeaf) and is_plain_sum(leaf) and leaf.least > 0:
            worth, wanted = self.worth(leaf), leaf.least
            return lambda units: min(_total(worth, units), wanted) / wanted
        return lambda units: self.measured(leaf, units).fraction

    def level(self, leaf: Leaf) -> Callable[[Units], object] | None:
        """What of a set of units matters to the leaf, where that is less than the set."""
        if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement":
            least = leaf.least
            return lambda units: min(units.bit_count(), least)
        if isinstance(leaf, SumLeaf) and is_plain_sum(leaf):
            worth, wanted = self.worth(leaf), leaf.least
            return lambda units: min(_total(worth, units), wanted)
        return None

    def worth(self, leaf: SumLeaf | LastLeaf) -> dict[int, int]:
        """What each eligible unit is worth to a sum, in `GRAIN`ths; units worth nothing are left out."""
        known = self.worths.get(leaf)
        if known is None:
            known = {}
            for unit in bits(self.ledger.eligible(leaf)):
                amount = self._worth(leaf, unit)
                if amount:
                    known[unit] = amount
            self.worths[leaf] = known
        return known

    def used(self, leaf: Leaf, unit: int) -> tuple[Copy, ...]:
        """The copies of a unit that a leaf uses: the one that counts, or all where each adds something of its own."""
        counting = self.counting(unit, leaf)
        if isinstance(leaf, SumLeaf):
            best = max(counting, key=lambda copy: self.ledger.grains(copy, leaf.unit))
            own = tuple(copy for copy in counting if copy.via is None) if leaf.each else ()
            return own or (best,)
        if isinstance(leaf, CountLeaf) and leaf.distinct != "achievement":
            return counting
        return counting[:1]

    def _worth(self, leaf: SumLeaf | LastLeaf, unit: int) -> int:
        """What a unit is worth: as much as its best copy, or as all where each adds its own (counterparts do not)."""
        counting = self.counting(unit, leaf)
        best = max((self.ledger.grains(copy, leaf.unit) for copy in counting), default=0)
        if isinstance(leaf, SumLeaf) and leaf.each:
            return max(best, sum(self.ledger.grains(copy, leaf.unit) for copy in counting if copy.via is None))
        return best

    def _count(self, leaf: CountLeaf, units: Units) -> Measured:
        have = units.bit_count() if leaf.distinct == "achievement" else len(self._different(leaf, leaf.distinct, units))
        if leaf.most is not None and have > leaf.most:
            if leaf.claim == "observe":
                return Measured(have, leaf.most, leaf.most / have, is_met=False)
            have = leaf.most
        return Measured(have, leaf.least, _part(have, leaf.least), have >= leaf.least)

    def _different(self, leaf: Leaf, by: str, units: Units) -> set[str]:
        values = {getattr(copy, by) for unit in bits(units) for copy in self.counting(unit, leaf)}
        return values - {None}

    def _sum(self, leaf: SumLeaf, units: Units) -> Measured:
        have = _total(self.worth(leaf), units) if not leaf.caps else self._capped(leaf, units)
        fraction, is_met = _part(have, leaf.least), have >= leaf.least
        if leaf.spread_by is not None:
            kinds = len(self._different(leaf, leaf.spread_by, units))
            fraction, is_met = min(fraction, _part(kinds, leaf.spread_min)), is_met and kinds >= leaf.spread_min
        return Measured(have / GRAIN, leaf.least / GRAIN, fraction, is_met)

    def _capped(self, leaf: SumLeaf, units: Units) -> int:
        """The sum under the caps: narrower caps cut first, and of what wider ones also cut."""
        worth = {unit: amount for unit, amount in self.worth(leaf).items() if units >> unit & 1}
        members = [
            [unit for unit in worth if any(cap.selector.test(copy) for copy in self.used(leaf, unit))]
            for cap in leaf.caps
        ]
        for cap, inside in sorted(zip(leaf.caps, members, strict=True), key=lambda pair: len(pair[1])):
            over = sum(worth[unit] for unit in inside) - cap.most
            for unit in sorted(inside, key=lambda unit: -sum(unit in other for other in members)):
                cut = max(0, min(over, worth[unit]))
                worth[unit] -= cut
                over -= cut
        return sum(worth.values())

    def _average(self, leaf: AverageLeaf, units: Units) -> Measured:
        weighted = [pair for pair in (self._graded(leaf, unit) for unit in bits(units)) if pair is not None]
        if any(weight for _, weight in weighted):
            weighted = [(value, weight) for value, weight in weighted if weight]
        else:
            weighted = [(value, 1.0) for value, _ in weighted]
        if not weighted:
            return Measured(0.0, leaf.least, 0.0, is_met=False)
        mean = sum(value * weight for value, weight in weighted) / sum(weight for _, weight in weighted)
        is_met = mean >= leaf.least - 1e-9
        fraction = 1.0 if is_met else _part(max(mean, 0.0), leaf.least)
        return Measured(mean, leaf.least, fraction, is_met)

    def _graded(self, leaf: AverageLeaf, unit: int) -> tuple[float, float] | None:
        """The newest grade or score of a unit, and its weight."""
        for copy in reversed(self.counting(unit, leaf)):
            if leaf.of == "score":
                if copy.score is not None:
                    return copy.score, 0.0
            elif copy.grade is not None:
                points = self.ledger.catalog.scales.points(copy.grade)
                if points is not None:
                    return points, copy.credits or 0.0
        return None

    def _last(self, leaf: LastLeaf, units: Units) -> Measured:
        """Newest first, as long as all match; of awards of one instant those that match go first."""
        worth = self.worth(leaf)
        newest = [(self.counting(unit, leaf)[-1], worth[unit]) for unit in bits(units) if unit in worth]
        newest.sort(key=lambda pair: (pair[0].earned_at, leaf.matching.test(pair[0]), pair[0].key), reverse=True)
        have = 0
        for copy, amount in newest:
            if not leaf.matching.test(copy) or have >= leaf.credits:
                break
            have += amount
        have = min(have, leaf.credits)
        return Measured(have / GRAIN, leaf.credits / GRAIN, _part(have, leaf.credits), have >= leaf.credits)


def is_plain_sum(leaf: SumLeaf) -> bool:
    """Whether a sum is nothing but the sum of its units."""
    return not leaf.caps and leaf.spread_by is None


def _total(worth: dict[int, int], units: Units) -> int:
    total = 0
    while units:
        lowest = units & -units
        total += worth.get(lowest.bit_length() - 1, 0)
        units ^= lowest
    return total


def _part(have: float, need: float) -> float:
    return 1.0 if have >= need else have / need
