"""From the rule tree to claims: which units each exclusive leaf gets.

Units that only one leaf wants are its own; the rest are contended. The tree is opened into demands and choices: where
nothing is contended the answer is read off, where only demands meet they are allocated, and where a choice (`any`,
`n_of`) is among them its options are tried, most promising first, until none that is left could be better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from math import comb
from typing import NamedTuple

from services.core.stacks.allocate.demands import EPSILON, Demand, ceiling
from services.core.stacks.allocate.solve import allocated
from services.core.stacks.allocate.units import Units, singles
from services.core.stacks.measure import Measures, is_plain_sum
from services.core.stacks.rules import CountLeaf, GoalNode, Group, Leaf, Node, SumLeaf

OPTIONS = 256
"""How many options of choices are tried before the answer stands as heuristic."""
WAYS = 4 * OPTIONS
"""How many ways of choosing n of m are looked at, to try the most promising first."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What each exclusive leaf (by number) claims, what that is worth, and whether nothing is worth more."""

    units: Mapping[int, Units]
    worth: float
    is_exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """A group that must be chosen from, and what it adds to the whole when it is met."""

    group: Group
    weight: float
    wanted: Units


class _Component(NamedTuple):
    """Demands and choices that are tied together by the units they want."""

    wanted: Units
    demands: list[Demand]
    choices: list[_Choice]


@dataclass(slots=True)
class _Opened:
    """A part of the tree opened: what is settled, and what is still to be decided."""

    worth: float = 0.0
    own: dict[int, Units] = field(default_factory=dict)
    demands: list[Demand] = field(default_factory=list)
    choices: list[_Choice] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Assigner:
    """Assigns units to the leaves of one tree. `eligible` is by leaf number, `settled` by node that claims nothing."""

    measures: Measures
    leaves: Sequence[Leaf]
    eligible: Sequence[Units]
    settled: Mapping[Node, float]
    contended: Units
    options_left: int = OPTIONS
    highest: dict[Node, float] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)

    def claims(self, root: Node) -> Claims:
        """The claims that make the most of the tree."""
        opened = _Opened()
        self._open(root, 1.0, opened)
        return self._best(opened)

    def potential(self, node: Node) -> float:
        """How far a rule could be met if it had every unit that it wants."""
        known = self.highest.get(node)
        if known is None:
            known = self.highest[node] = self._potential(node)
        return known

    def _potential(self, node: Node) -> float:
        if node in self.settled:
            return self.settled[node]
        if isinstance(node, Leaf):
            return self.measures.measured(node, self.eligible[node.number]).fraction
        if isinstance(node, GoalNode):
            branch = self._branch(node)
            return 1.0 if branch is None else self.potential(branch)
        if isinstance(node, Group) and node.kind in {"all", "seq"}:
            total = sum(child.weight for child in node.children)
            return sum(child.weight * self.potential(child) for child in node.children) / total
        if isinstance(node, Group) and node.least:
            return sum(sorted(map(self.potential, node.children), reverse=True)[: node.least]) / node.least
        return 1.0

    def _branch(self, node: GoalNode) -> Node | None:
        return node.then if node.goal in self.measures.ledger.goals else node.otherwise

    def _open(self, node: Node, weight: float, into: _Opened) -> None:
        if node in self.settled:
            into.worth += weight * self.settled[node]
        elif isinstance(node, Leaf):
            self._open_leaf(node, weight, into)
        elif isinstance(node, GoalNode):
            branch = self._branch(node)
            if branch is None:
                into.worth += weight
            else:
                self._open(branch, weight, into)
        elif isinstance(node, Group) and node.kind in {"all", "seq"}:
            total = sum(child.weight for child in node.children)
            for child in node.children:
                self._open(child, weight * child.weight / total, into)
        elif isinstance(node, Group):
            self._open_choice(node, weight, into)

    def _open_leaf(self, leaf: Leaf, weight: float, into: _Opened) -> None:
        units = self.eligible[leaf.number]
        own, wanted = units & ~self.contended, units & self.contended
        filled = self.measures.filling(leaf)
        if not wanted or filled(own) >= 1.0:
            into.worth += weight * filled(own)
            into.own[leaf.number] = own
        else:
            into.demands.append(self._demand(leaf, wanted, own, weight))

    def _demand(self, leaf: Leaf, wanted: Units, own: Units, weight: float) -> Demand:
        filled, level = self.measures.filling(leaf), self.measures.level(leaf)
        if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement":
            need = leaf.least - own.bit_count()
            return Demand(leaf.number, wanted, own, weight, filled, need, leaf.least, level=level)
        if isinstance(leaf, SumLeaf) and is_plain_sum(leaf):
            worth = self.measures.worth(leaf)
            have = sum(worth.get(unit.bit_length() - 1, 0) for unit in singles(own))
            return Demand(leaf.number, wanted, own, weight, filled, leaf.least - have, leaf.least, worth, level=level)
        return Demand(leaf.number, wanted, own, weight, filled, 0, 0, is_plain=False)

    def _open_choice(self, group: Group, weight: float, into: _Opened) -> None:
        wanted = self._wanted(group) & self.contended
        if not group.least:
            into.worth += weight
        elif not wanted:
            for child in self._likeliest(group):
                self._open(child, weight / group.least, into)
        elif self._is_like_a_count(group):
            into.demands.append(self._demand_of(group, weight))
        else:
            into.choices.append(_Choice(group, weight, wanted))

    def _wanted(self, node: Node) -> Units:
        wanted = 0
        for number in node.leaves:
            wanted |= self.eligible[number]
        return wanted

    def _likeliest(self, group: Group) -> list[Node]:
        """The children that are nearest to being met, as many as must be; of equals, the ones written first."""
        ranked = sorted(group.children, key=lambda child: -self.potential(child))
        return ranked[: group.least]

    def _is_like_a_count(self, group: Group) -> bool:
        """Whether choosing among single awards is the same as counting them: one is asked for, or each is one unit."""
        for child in group.children:
            if not (isinstance(child, CountLeaf) and child.least == 1 and child.claim == "exclusive"):
                return False
            if child.distinct != "achievement" or child.most is not None:
                return False
            if group.least > 1 and self.eligible[child.number].bit_count() > 1:
                return False
        return True

    def _demand_of(self, group: Group, weight: float) -> Demand:
        units, least = self._wanted(group), group.least
        own, wanted = units & ~self.contended, units & self.contended
        key = -1 - len(self.groups)
        self.groups[key] = group

        def filled(taken: Units) -> float:
            return min(taken.bit_count(), least) / least

        def level(taken: Units) -> int:
            return min(taken.bit_count(), least)

        return Demand(key, wanted, own, weight, filled, max(0, least - own.bit_count()), least, level=level)

    def _best(self, opened: _Opened) -> Claims:
        units, worth, is_exact = dict(opened.own), opened.worth, True
        for part in _components(opened):
            found = self._best_choice(part.demands, part.choices) if part.choices else self._allocated(part.demands)
            units |= found.units
            worth += found.worth
            is_exact = is_exact and found.is_exact
        return Claims(units, worth, is_exact)

    def _allocated(self, demands: Sequence[Demand]) -> Claims:
        allocation = allocated(demands)
        units: dict[int, Units] = {}
        for demand, taken in zip(demands, allocation.taken, strict=True):
            if demand.key >= 0:
                units[demand.key] = demand.own | taken
            else:
                units |= self._shared_out(self.groups[demand.key], demand.own | taken)
        return Claims(units, allocation.worth, allocation.is_exact)

    def _shared_out(self, group: Group, units: Units) -> dict[int, Units]:
        """The units of a group that was counted, back to its rules: oldest first, to the first rule that takes it."""
        given: dict[int, Units] = {}
        for unit in singles(units):
            for child in group.children:
                number = child.leaves[0]
                if len(given) < group.least and number not in given and self.eligible[number] & unit:
                    given[number] = unit
                    break
        return given

    def _best_choice(self, demands: Sequence[Demand], choices: Sequence[_Choice]) -> Claims:
        choice, others = choices[0], choices[1:]
        rest = ceiling(demands) + sum(other.weight * self.potential(other.group) for other in others)
        best: Claims | None = None
        is_exact = True
        for chances, children in self._options(choice):
            if best is not None and chances + rest <= best.worth + EPSILON:
                return replace(best, is_exact=is_exact)
            if best is not None and not self.options_left:
                return replace(best, is_exact=False)
            self.options_left -= self.options_left > 0
            found = self._best(self._chosen(choice, children, demands, others))
            is_exact = is_exact and found.is_exact
            if best is None or found.worth > best.worth + EPSILON:
                best = found
        if best is None:
            raise ValueError(f"a choice without options at {choice.group.path}")
        return replace(best, is_exact=is_exact and comb(len(choice.group.children), choice.group.least) <= WAYS)

    def _chosen(
        self, choice: _Choice, children: Iterable[Node], demands: Sequence[Demand], others: Sequence[_Choice]
    ) -> _Opened:
        opened = _Opened(demands=list(demands), choices=list(others))
        for child in children:
            self._open(child, choice.weight / choice.group.least, opened)
        return opened

    def _options(self, choice: _Choice) -> Iterator[tuple[float, tuple[Node, ...]]]:
        """Ways to choose, each with a worth that it cannot exceed, greatest first; of very many only the first."""
        group = choice.group
        ranked = sorted(group.children, key=lambda child: -self.potential(child))
        ways = combinations(ranked, group.least)
        each = choice.weight / group.least
        if comb(len(ranked), group.least) > WAYS:
            highest = each * sum(self.potential(child) for child in ranked[: group.least])
            yield from ((highest, way) for way in islice(ways, WAYS))
            return
        chances = [(each * sum(map(self.potential, way)), way) for way in ways]
        yield from sorted(chances, key=lambda pair: -pair[0])


def _components(opened: _Opened) -> list[_Component]:
    """What shares no contended unit is decided apart."""
    parts: list[_Component] = [_Component(demand.wanted, [demand], []) for demand in opened.demands]
    parts += [_Component(choice.wanted, [], [choice]) for choice in opened.choices]
    joined: list[_Component] = []
    for part in parts:
        tied = [other for other in joined if other.wanted & part.wanted]
        joined = [other for other in joined if not other.wanted & part.wanted]
        joined.append(_together([*tied, part]))
    return joined


def _together(parts: Sequence[_Component]) -> _Component:
    wanted = 0
    for part in parts:
        wanted |= part.wanted
    return _Component(
        wanted,
        [demand for part in parts for demand in part.demands],
        [choice for part in parts for choice in part.choices],
    )
