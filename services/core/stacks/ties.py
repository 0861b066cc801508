"""Rules that depend on what other rules claim: over what is claimed, overlapping with it, or in order after it.

Each is a watch on the claims of some leaves. Watches are what make allocation more than a matching: a rule over what
the major claims can ask that the major claim other units than it would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.core.stacks.allocate.units import Units, bits, singles
from services.core.stacks.measure import Measured, Measures
from services.core.stacks.order import Times, order_share
from services.core.stacks.rules import CountLeaf, Group, Leaf, SumLeaf, grains

Claims = Mapping[int, Units]
"""Units by leaf number."""


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What depends on the claims of `targets` (leaf numbers).

    `weight` is what it makes of its rule, `filled` says how far claims fill it, and `possible` how far they could at
    most if some of the second claims were added to the first. With `is_capped`, claiming more may fill it less.
    """

    targets: tuple[int, ...]
    weight: float
    filled: Callable[[Claims], float]
    possible: Callable[[Claims, Claims], float]
    is_capped: bool = False


def over_claimed(leaf: Leaf, targets: Sequence[int], eligible: Units, measures: Measures, weight: float) -> Watch:
    """A rule over what the targets claim."""

    def filled(claims: Claims) -> float:
        return measures.measured(leaf, eligible & union(claims, targets)).fraction

    def possible(now: Claims, more: Claims) -> float:
        least = eligible & union(now, targets)
        if leaf_is_over(leaf, least, measures):
            return measures.measured(leaf, least).fraction
        if is_capped:
            return 1.0
        return measures.measured(leaf, least | eligible & union(more, targets)).fraction

    is_capped = isinstance(leaf, CountLeaf) and leaf.most is not None
    return Watch(tuple(targets), weight, filled, possible, is_capped)


def leaf_is_over(leaf: Leaf, units: Units, measures: Measures) -> bool:
    """Whether units are already more than a leaf's maximum."""
    return isinstance(leaf, CountLeaf) and leaf.most is not None and measures.measured(leaf, units).have > leaf.most


def overlapping(leaf: Leaf, targets: Sequence[int], eligible: Units, measures: Measures, weight: float) -> Watch:
    """A rule that may count, besides its own, some of what the targets claim."""

    def filled(claims: Claims) -> float:
        return overlap_measured(leaf, claims, targets, eligible, measures).fraction

    def possible(now: Claims, more: Claims) -> float:
        every = {number: now.get(number, 0) | more.get(number, 0) for number in (leaf.number, *targets)}
        return filled(every)

    return Watch((leaf.number, *targets), weight, filled, possible)


def overlap_measured(
    leaf: Leaf, claims: Claims, targets: Sequence[int], eligible: Units, measures: Measures
) -> Measured:
    """What a rule has of its own and of the best that it may share with the targets."""
    own = claims.get(leaf.number, 0)
    return measures.measured(leaf, own | shared(leaf, claims, targets, eligible, measures))


def shared(leaf: Leaf, claims: Claims, targets: Sequence[int], eligible: Units, measures: Measures) -> Units:
    """The units that a rule counts though the targets claim them: as many as it may, the best first, then the oldest.

    Counts are limited in units, sums in what the units are worth.
    """
    own = claims.get(leaf.number, 0)
    candidates = eligible & union(claims, targets) & ~own
    if isinstance(leaf, SumLeaf):
        return _worth_at_most(measures.worth(leaf), candidates, grains(leaf.overlap_max))
    taken, left = 0, int(leaf.overlap_max)
    for unit in singles(candidates):
        if not left:
            break
        if measures.measured(leaf, own | taken | unit).fraction > measures.measured(leaf, own | taken).fraction:
            taken |= unit
            left -= 1
    return taken


def _worth_at_most(worth: Mapping[int, int], units: Units, limit: int) -> Units:
    """The units whose worth adds up to the most within a limit: exact, over the sums that can be reached."""
    reached: dict[int, Units] = {0: 0}
    for unit in bits(units):
        for total, taken in sorted(reached.items(), reverse=True):
            more = total + worth[unit]
            if more <= limit and more not in reached:
                reached[more] = taken | 1 << unit
    return reached[max(reached)]


def in_sequence(group: Group, targets: Sequence[int], times_of: Callable[[Claims], Times]) -> Watch:
    """The order of a sequence: how many of its rules come in their place, each by what its place is worth."""
    later = group.children[1:]
    worth = [child.weight * order_share(child) for child in later]
    whole = sum(child.weight for child in group.children)

    def filled(claims: Claims) -> float:
        placed = times_of(claims).in_place(group)
        return sum(part for part, is_placed in zip(worth, placed[1:], strict=True) if is_placed) / sum(worth)

    def possible(now: Claims, more: Claims) -> float:
        return filled({number: now.get(number, 0) | more.get(number, 0) for number in targets})

    return Watch(tuple(targets), sum(worth) / whole, filled, possible)


def union(claims: Claims, numbers: Sequence[int]) -> Units:
    """All that some leaves claim."""
    units = 0
    for number in numbers:
        units |= claims.get(number, 0)
    return units
