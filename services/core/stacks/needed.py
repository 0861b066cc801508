"""Of what leaves could have, what they need: older awards first, and the rest stays unused.

A leaf never gives up a unit that it or a rule that watches it needs, so nothing that was met is lost here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.core.stacks.allocate.units import Units, singles
from services.core.stacks.measure import Measures
from services.core.stacks.rules import CountLeaf, Leaf, Node
from services.core.stacks.ties import Watch


def needed_claims(
    measures: Measures,
    leaves: Sequence[Leaf],
    eligible: Sequence[Units],
    claimed: Mapping[int, Units],
    watches: Mapping[Node, Watch],
) -> dict[int, Units]:
    """The claims by leaf number, each exclusive leaf with as little as does for it."""
    kept = dict(claimed)
    exclusive = [leaf for leaf in leaves if leaf.claim == "exclusive" and leaf.number in kept]
    taken = 0
    for leaf in exclusive:
        taken |= kept[leaf.number]
    for leaf in exclusive:
        others = taken & ~kept[leaf.number]
        watching = [watch for watch in watches.values() if leaf.number in watch.targets] if watches else []
        if watching:
            kept[leaf.number] = _needed_and_watched(measures, leaf, kept, watching)
        else:
            kept[leaf.number] = _needed(measures, leaf, eligible[leaf.number] & ~others)
        taken = others | kept[leaf.number]
    return kept


def _needed(measures: Measures, leaf: Leaf, units: Units) -> Units:
    if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement":
        return units if units.bit_count() <= leaf.least else _oldest(units, leaf.least)
    if not measures.measured(leaf, units).is_met:
        return units
    for unit in sorted(singles(units), reverse=True):
        if measures.measured(leaf, units ^ unit).is_met:
            units ^= unit
    return units


def _needed_and_watched(
    measures: Measures, leaf: Leaf, claimed: Mapping[int, Units], watching: Sequence[Watch]
) -> Units:
    """What a leaf needs, and what those that watch it need of it."""
    units = claimed[leaf.number]
    for unit in sorted(singles(units), reverse=True):
        before, after = {**claimed, leaf.number: units}, {**claimed, leaf.number: units ^ unit}
        loses = measures.measured(leaf, units ^ unit).fraction < measures.measured(leaf, units).fraction
        if not loses and all(watch.filled(after) >= watch.filled(before) for watch in watching):
            units ^= unit
    return units


def _oldest(units: Units, number: int) -> Units:
    kept = 0
    for unit in singles(units):
        if not number:
            break
        kept |= unit
        number -= 1
    return kept
