"""From the rule tree to claims: which units each exclusive leaf gets.

Units that only one leaf wants are its own; the rest are contended. The tree is opened into demands, choices and
watches: where nothing is contended the answer is read off, where only demands meet they are allocated, and where a
choice (`any`, `n_of`) is among them its options are tried, most promising first, until none that is left could be
better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as member
from itertools import combinations, islice
from math import comb

from services.core.stacks.allocate.demands import EPSILON, Demand, ceiling
from services.core.stacks.allocate.solve import PART, WHOLE, Effort, allocated
from services.core.stacks.allocate.units import Units, singles
from services.core.stacks.ground import Claims, Ground
from services.core.stacks.measure import is_plain_sum
from services.core.stacks.opened import Choice, Component, Opened, components, fullness, tie_of, touches
from services.core.stacks.order import order_share
from services.core.stacks.rules import CountLeaf, GoalNode, Group, Leaf, Node, SumLeaf, is_single
from services.core.stacks.ties import Watch

OPTIONS = 256
"""How many options of choices are tried before the answer stands as heuristic."""
OPTIONS_OF_PART = 64
"""How many are tried once it is known that not all can be met."""
WAYS = 4 * OPTIONS
"""How many ways of choosing n of m are looked at, to try the most promising first."""


@dataclass(slots=True, eq=False)
class Assigner:
    """Assigns units to the leaves of one tree."""

    ground: Ground
    options_left: int = OPTIONS
    effort: Effort = WHOLE
    highest: dict[Node, float] = member(default_factory=dict)
    groups: dict[int, Group] = member(default_factory=dict)

    def claims(self, root: Node) -> Claims:
        """The claims that make the most of the tree."""
        is_within_reach = self.potential(root) >= 1.0 - EPSILON
        if not is_within_reach:
            self.effort, self.options_left = PART, OPTIONS_OF_PART
        opened = Opened()
        self._open(root, 1.0, opened)
        found = self._best(opened)
        return found if is_within_reach else replace(found, is_proven=True)

    def potential(self, node: Node) -> float:
        """How far a rule could be met if it had every unit that it wants."""
        known = self.highest.get(node)
        if known is None:
            known = self.highest[node] = self._potential(node)
        return known

    def _potential(self, node: Node) -> float:
        if isinstance(node, Group) and node not in self.ground.settled:
            return self._potential_of_group(node)
        branch = self.ground.branch(node) if isinstance(node, GoalNode) else None
        if branch is not None:
            return self.potential(branch)
        if isinstance(node, Leaf) and node not in self.ground.watches and node not in self.ground.settled:
            return self.ground.measures.measured(node, self.ground.eligible[node.number]).fraction
        return self.ground.settled.get(node, 1.0)

    def _potential_of_group(self, group: Group) -> float:
        if group.kind in {"all", "seq"}:
            total = sum(child.weight for child in group.children)
            return sum(child.weight * self._at_most(group, child) for child in group.children) / total
        if not group.least:
            return 1.0
        return sum(sorted(map(self.potential, group.children), reverse=True)[: group.least]) / group.least

    def _at_most(self, group: Group, child: Node) -> float:
        """What a part of a group can be worth, all of it in order."""
        potential = self.potential(child)
        if group.kind == "all" or child is group.children[0]:
            return potential
        share = order_share(child)
        return potential * (1 - share) + share

    def _open(self, node: Node, weight: float, into: Opened) -> None:
        if node in self.ground.settled:
            into.worth += weight * self.ground.settled[node]
        elif isinstance(node, Leaf):
            self._open_leaf(node, weight, into)
        elif isinstance(node, GoalNode):
            branch = self.ground.branch(node)
            if branch is None:
                into.worth += weight
            else:
                self._open(branch, weight, into)
        elif isinstance(node, Group) and node.kind in {"all", "seq"}:
            self._open_all(node, weight, into)
        elif isinstance(node, Group):
            self._open_choice(node, weight, into)

    def _open_all(self, group: Group, weight: float, into: Opened) -> None:
        watch = self.ground.watches.get(group)
        if watch is not None:
            into.watches.append(replace(watch, weight=weight * watch.weight))
        total = sum(child.weight for child in group.children)
        for place, child in enumerate(group.children):
            share = order_share(child) if group.kind == "seq" and place else 0.0
            self._open(child, (1 - share) * weight * child.weight / total, into)

    def _open_leaf(self, leaf: Leaf, weight: float, into: Opened) -> None:
        watch = self.ground.watches.get(leaf)
        if watch is not None:
            into.watches.append(replace(watch, weight=weight))
            weight = 0.0
        if leaf.claim != "exclusive":
            return
        units = self.ground.eligible[leaf.number]
        own, wanted = units & ~self.ground.contended, units & self.ground.contended
        filled = self.ground.measures.filling(leaf)
        if not wanted or (filled(own) >= 1.0 and not self._is_watched(leaf)):
            into.worth += weight * filled(own)
            into.own[leaf.number] = own
        else:
            into.demands.append(self._demand(leaf, wanted, own, weight))

    def _is_watched(self, node: Node) -> bool:
        return any(number in watch.targets for watch in self.ground.watches.values() for number in node.leaves)

    def _demand(self, leaf: Leaf, wanted: Units, own: Units, weight: float) -> Demand:
        measures = self.ground.measures
        filled, level = measures.filling(leaf), measures.level(leaf)
        if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement":
            need = max(0, leaf.least - own.bit_count())
            return Demand(leaf.number, wanted, own, weight, filled, need, leaf.least, level=level)
        if isinstance(leaf, SumLeaf) and is_plain_sum(leaf):
            worth = measures.worth(leaf)
            have = sum(worth.get(unit.bit_length() - 1, 0) for unit in singles(own))
            need = max(0, leaf.least - have)
            return Demand(leaf.number, wanted, own, weight, filled, need, leaf.least, worth, level=level)
        return Demand(leaf.number, wanted, own, weight, filled, 0, 0, is_plain=False)

    def _open_choice(self, group: Group, weight: float, into: Opened) -> None:
        wanted = self.ground.wanted(group) & self.ground.contended
        if not group.least:
            into.worth += weight
        elif not wanted and not self._is_watched(group):
            for child in self._likeliest(group):
                self._open(child, weight / group.least, into)
        elif self._is_like_a_count(group):
            into.demands.append(self._demand_of(group, weight))
        else:
            into.choices.append(Choice(group, weight, wanted))

    def _likeliest(self, group: Group) -> list[Node]:
        """The children that are nearest to being met, as many as must be; of equals, the ones written first."""
        ranked = sorted(group.children, key=lambda child: -self.potential(child))
        return ranked[: group.least]

    def _is_like_a_count(self, group: Group) -> bool:
        """Whether choosing among single awards is the same as counting them: one is asked for, or each is one unit."""
        if self._is_watched(group):
            return False
        for child in group.children:
            if not (isinstance(child, Leaf) and is_single(child) and child.claim == "exclusive"):
                return False
            if child in self.ground.watches:
                return False
            if group.least > 1 and self.ground.eligible[child.number].bit_count() > 1:
                return False
        return True

    def _demand_of(self, group: Group, weight: float) -> Demand:
        units, least = self.ground.wanted(group), group.least
        own, wanted = units & ~self.ground.contended, units & self.ground.contended
        key = -1 - len(self.groups)
        self.groups[key] = group

        def filled(taken: Units) -> float:
            return min(taken.bit_count(), least) / least

        def level(taken: Units) -> int:
            return min(taken.bit_count(), least)

        return Demand(key, wanted, own, weight, filled, max(0, least - own.bit_count()), least, level=level)

    def _best(self, opened: Opened) -> Claims:
        units, worth = dict(opened.own), opened.worth
        parts = components(opened)
        proofs: list[bool] = []
        is_short = False
        for part in parts:
            watches = [watch for watch in opened.watches if touches(watch, part)]
            found = (
                self._best_choice(part, opened.own, watches)
                if part.choices
                else self._allocated(part.demands, opened.own, watches)
            )
            units |= found.units
            worth += found.worth
            proofs.append(found.is_proven)
            is_short = is_short or (found.is_proven and found.worth < fullness(part, watches) - EPSILON)
        for watch in opened.watches:
            if not any(touches(watch, part) for part in parts):
                worth += watch.weight * watch.filled(opened.own)
        return Claims(units, worth, is_short or all(proofs))

    def _allocated(self, demands: Sequence[Demand], own: Mapping[int, Units], watches: Sequence[Watch]) -> Claims:
        allocation = allocated(demands, [tie_of(watch, demands, own) for watch in watches], self.effort)
        units: dict[int, Units] = {}
        for demand, taken in zip(demands, allocation.taken, strict=True):
            if demand.key >= 0:
                units[demand.key] = demand.own | taken
            else:
                units |= self._shared_out(self.groups[demand.key], demand.own | taken)
        return Claims(units, allocation.worth, allocation.is_proven)

    def _shared_out(self, group: Group, units: Units) -> dict[int, Units]:
        """The units of a group that was counted, back to its rules: oldest first, to the first rule that takes it."""
        given: dict[int, Units] = {}
        for unit in singles(units):
            for child in group.children:
                number = child.leaves[0]
                if len(given) < group.least and number not in given and self.ground.eligible[number] & unit:
                    given[number] = unit
                    break
        return given

    def _best_choice(self, part: Component, own: Mapping[int, Units], watches: Sequence[Watch]) -> Claims:
        choice, others = part.choices[0], part.choices[1:]
        rest = ceiling(part.demands) + sum(other.weight * self.potential(other.group) for other in others)
        rest += sum(watch.weight for watch in watches)
        full = fullness(part, watches)
        best: Claims | None = None
        is_proven = comb(len(choice.group.children), choice.group.least) <= WAYS
        for chances, children in self._options(choice):
            if best is not None and min(chances + rest, full) <= best.worth + EPSILON:
                break
            if best is not None and not self.options_left:
                is_proven = is_proven and chances + rest < full - EPSILON
                break
            self.options_left -= self.options_left > 0
            opened = Opened(own=dict(own), demands=list(part.demands), choices=list(others), watches=list(watches))
            found = self._best(self._chosen(choice, children, opened))
            is_proven = is_proven and found.is_proven
            if best is None or found.worth > best.worth + EPSILON:
                best = found
        if best is None:
            raise ValueError(f"a choice without options at {choice.group.path}")
        return replace(best, is_proven=is_proven or best.worth >= full - EPSILON)

    def _chosen(self, choice: Choice, children: Iterable[Node], opened: Opened) -> Opened:
        for child in children:
            self._open(child, choice.weight / choice.group.least, opened)
        return opened

    def _options(self, choice: Choice) -> Iterator[tuple[float, tuple[Node, ...]]]:
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
