"""When rules were met, and what order asks: each rule of a sequence met no earlier than the one before it.

A rule may rest on any of its evidence, so being met "no earlier" means that some evidence makes it so: an exam passed
too early counts once it is passed again. For a rule that one award meets, what came too early for any allocation
simply does not count; a larger rule needs one part that came late enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.durations import FIRST, LAST
from services.core.stacks.measure import Measures
from services.core.stacks.rules import AverageLeaf, GoalNode, Group, LastLeaf, Leaf, NestedNode, Node, is_single


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """When rules are met by certain units of each leaf; nested stacks by when they were earned (None: are not)."""

    measures: Measures
    units_of: Callable[[Leaf], Units]
    nested: Mapping[Node, datetime | None]

    def met_at(self, node: Node, floor: datetime = FIRST) -> datetime | None:
        """The first instant from `floor` on at which some evidence makes the rule met, or None."""
        if isinstance(node, Leaf):
            return self._of_leaf(node, floor)
        if isinstance(node, NestedNode):
            moment = self.nested[node]
            return moment if moment is not None and moment >= floor else None
        if isinstance(node, GoalNode):
            branch = node.then if node.goal in self.measures.ledger.goals else node.otherwise
            return floor if branch is None else self.met_at(branch, floor)
        if isinstance(node, Group):
            return self._of_sequence(node, floor) if node.kind == "seq" else self._of_group(node, floor)
        return floor

    def in_place(self, group: Group) -> list[bool]:
        """Which rules of a sequence are met in their place; after one that is not, none is."""
        placed: list[bool] = []
        moment: datetime | None = FIRST
        for child in group.children:
            moment = None if moment is None else self.met_at(child, moment)
            placed.append(moment is not None)
        return placed

    def _of_sequence(self, node: Group, floor: datetime) -> datetime | None:
        moment = FIRST
        for child in node.children[:-1]:
            met = self.met_at(child, moment)
            if met is None:
                return None
            moment = met
        return self.met_at(node.children[-1], max(moment, floor))

    def _of_group(self, node: Group, floor: datetime) -> datetime | None:
        moments = sorted(moment for moment in map(self.met_at, node.children) if moment is not None)
        if len(moments) < node.least:
            return None
        if not node.least:
            return floor
        if moments[node.least - 1] >= floor:
            return moments[node.least - 1]
        return _first(self.met_at(child, floor) for child in node.children)

    def _of_leaf(self, leaf: Leaf, floor: datetime) -> datetime | None:
        units = self.units_of(leaf)
        if not self.measures.measured(leaf, units).is_met:
            return None
        if isinstance(leaf, AverageLeaf | LastLeaf) or not units:
            return floor
        moment = self._earliest(leaf, units)
        if moment >= floor:
            return moment
        times = (copy.earned_at for unit in bits(units) for copy in self.measures.counting(unit, leaf))
        return min((time for time in times if time >= floor), default=None)

    def _earliest(self, leaf: Leaf, units: Units) -> datetime:
        """When the oldest units that meet the leaf were there; units are numbered by age, but not their copies."""
        times = sorted((self.measures.counting(unit, leaf)[0].earned_at, unit) for unit in bits(units))
        so_far = 0
        for moment, unit in times:
            so_far |= 1 << unit
            if self.measures.measured(leaf, so_far).is_met:
                return moment
        return times[-1][0]


def order_share(node: Node) -> float:
    """How much of a rule's progress its place in a sequence makes: as much as one of its leaves."""
    return 1 / (1 + max(1, len(node.leaves)))


def assign_floors(root: Node, times: Times) -> None:
    """Give every single-award rule that stands in a sequence its floor, first sequences first."""
    if isinstance(root, Group) and root.kind == "seq":
        moment: datetime | None = FIRST
        for child in root.children:
            if moment != FIRST:
                for leaf in singles_of(child):
                    floor = times.measures.floors.get(leaf, FIRST)
                    times.measures.floors[leaf] = max(floor, moment or LAST)
            assign_floors(child, times)
            moment = None if moment is None else times.met_at(child, moment)
        return
    if isinstance(root, Group):
        for child in root.children:
            assign_floors(child, times)
    elif isinstance(root, GoalNode):
        for branch in (root.then, root.otherwise):
            if branch is not None:
                assign_floors(branch, times)


def singles_of(node: Node) -> list[Leaf]:
    """The leaves of a rule that one award meets: itself, or the options of an `any`; none for a larger rule."""
    if isinstance(node, Leaf):
        return [node] if is_single(node) else []
    if isinstance(node, Group) and node.kind == "any" and all(is_single(child) for child in node.children):
        return [child for child in node.children if isinstance(child, Leaf)]
    return []


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
