"""Judging one version of a stack: what is eligible, who claims what, and the tree of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.assign import Assigner
from services.core.stacks.compiled import CompiledStack
from services.core.stacks.ground import Ground
from services.core.stacks.ledger import Ledger
from services.core.stacks.measure import Measured, Measures
from services.core.stacks.needed import needed_claims
from services.core.stacks.order import Times, assign_floors, order_share
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import (
    GoalNode,
    Group,
    Leaf,
    NestedNode,
    Node,
    WaivedNode,
    can_fall,
    children_of,
)
from services.core.stacks.ties import (
    Claims,
    Watch,
    in_sequence,
    over_claimed,
    overlap_measured,
    overlapping,
    shared,
    union,
)


class Judge:
    """Judges one stack against one ledger. `nested_of` gives the evaluation of a stack nested in it."""

    __slots__ = ("claimed", "eligible", "ledger", "measures", "nested", "stack", "watches")

    def __init__(self, ledger: Ledger, stack: CompiledStack, nested_of: Callable[[NestedNode], Evaluation]) -> None:
        self.ledger = ledger
        self.stack = stack
        self.measures = Measures(ledger)
        self.nested: Mapping[Node, Evaluation] = {node: nested_of(node) for node in stack.nested}
        if stack.has_order:
            assign_floors(stack.root, self._times(self.measures.eligible))
        self.eligible: Sequence[Units] = [self.measures.eligible(leaf) for leaf in stack.leaves]
        self.claimed: dict[int, Units] = {}
        self.watches: dict[Node, Watch] = {}

    def judged(self) -> tuple[Outcome, bool]:
        """The outcome of the whole, and whether the allocation is proven the best."""
        if self.stack.has_watches:
            self._set_watches()
        contended = self._contended()
        is_exact = True
        if contended:
            claims = Assigner(self._ground(contended)).claims(self.stack.root)
            self.claimed, is_exact = dict(claims.units), claims.is_proven
        else:
            self.claimed = {leaf.number: self.eligible[leaf.number] for leaf in self.stack.leaves}
        self.claimed = needed_claims(self.measures, self.stack.leaves, self.eligible, self.claimed, self.watches)
        is_exact = is_exact and all(evaluation.proof == "exact" for evaluation in self.nested.values())
        return self._outcome(self.stack.root), is_exact

    def could_have_been_met_earlier(self) -> bool:
        """Whether the stack, unmet now, may have been complete at an earlier instant; never wrongly no."""
        if self.stack.only_expires and not self.ledger.has_expired:
            return False
        has_lapses = self.stack.can_lapse or any(one.status == "lapsed" for one in self.nested.values())
        return has_lapses and self.could_have_been_met()

    def could_have_been_met(self) -> bool:
        """Whether by the same rules what is held may have been enough at any instant; never wrongly no."""
        return self._could_have_been_met(self.stack.root)

    def _could_have_been_met(self, node: Node) -> bool:
        """Whether a rule could have been met earlier, by what has ended since; never wrongly no."""
        if isinstance(node, Leaf):
            before = self.stack.timeless[node.number] if self.stack.timeless else node
            if can_fall(node) or node in self.watches:
                return True
            return self.measures.measured(before, self.measures.eligible(before)).is_met
        if isinstance(node, NestedNode):
            return self.nested[node].complete or self.nested[node].status == "lapsed"
        if isinstance(node, Group):
            return sum(map(self._could_have_been_met, node.children)) >= node.least
        return True

    def _times(self, units_of: Callable[[Leaf], Units]) -> Times:
        earned = {node: one.earned_at if one.complete else None for node, one in self.nested.items()}
        return Times(self.measures, units_of, earned)

    def _set_watches(self) -> None:
        for leaf in self.stack.leaves:
            eligible = self.eligible[leaf.number]
            if leaf.from_claimed is not None:
                targets = self._leaves_named(leaf.from_claimed)
                self.watches[leaf] = over_claimed(leaf, targets, eligible, self.measures, 0.0)
            elif leaf.overlap_with and leaf.claim == "exclusive":
                targets = [number for name in leaf.overlap_with for number in self._leaves_named(name)]
                self.watches[leaf] = overlapping(leaf, targets, eligible, self.measures, 0.0)
        if self.stack.has_order:
            self._set_order(self.stack.root)

    def _leaves_named(self, name: str) -> list[int]:
        """The exclusive leaves of the rule of a name."""
        numbers = self.stack.named[name].leaves if name in self.stack.named else ()
        return [number for number in numbers if self.stack.leaves[number].claim == "exclusive"]

    def _set_order(self, node: Node) -> None:
        for child in children_of(node):
            self._set_order(child)
        if isinstance(node, Group) and node.kind == "seq" and len(node.children) > 1:
            targets = [number for number in node.leaves if self.stack.leaves[number].claim == "exclusive"]
            self.watches[node] = in_sequence(node, targets, self._times_of)

    def _times_of(self, claims: Claims) -> Times:
        """The times by what leaves claim; those that claim nothing count what is eligible."""

        def units_of(leaf: Leaf) -> Units:
            return claims.get(leaf.number, 0) if leaf.claim == "exclusive" else self.eligible[leaf.number]

        return self._times(units_of)

    def _contended(self) -> Units:
        seen = contended = 0
        for leaf in self.stack.leaves:
            if leaf.claim == "exclusive":
                units = self.eligible[leaf.number]
                contended |= seen & units
                seen |= units
        for watch in self.watches.values():
            if watch.is_capped:
                contended |= union(dict(enumerate(self.eligible)), watch.targets)
        return contended

    def _ground(self, contended: Units) -> Ground:
        settled: dict[Node, float] = {
            leaf: self.measures.measured(leaf, self.eligible[leaf.number]).fraction
            for leaf in self.stack.leaves
            if leaf.claim != "exclusive" and leaf not in self.watches
        }
        settled |= {node: evaluation.progress for node, evaluation in self.nested.items()}
        return Ground(self.measures, self.stack.leaves, self.eligible, settled, contended, self.watches)

    def _outcome(self, node: Node) -> Outcome:
        if isinstance(node, Leaf):
            return self._of_leaf(node)
        if isinstance(node, NestedNode):
            nested = self.nested[node]
            return Outcome(node, nested.complete, nested.progress, float(nested.complete), 1.0, nested=nested)
        if isinstance(node, GoalNode):
            return self._of_goal(node)
        if isinstance(node, Group):
            return self._of_group(node)
        if isinstance(node, WaivedNode):
            return Outcome(node, is_met=True, fraction=1.0, have=1.0, need=1.0)
        raise TypeError(f"no such rule: {node.kind}")

    def _of_leaf(self, leaf: Leaf) -> Outcome:
        units, measured = self._counted(leaf)
        used = tuple([copy for unit in bits(units) for copy in self.measures.used(leaf, unit)]) if units else ()
        eligible = self.eligible[leaf.number]
        is_out = leaf in self.measures.floors and not eligible and bool(self.ledger.eligible(leaf))
        return Outcome(
            leaf,
            measured.is_met,
            measured.fraction,
            measured.have,
            measured.need,
            used,
            eligible,
            is_out_of_order=is_out,
        )

    def _counted(self, leaf: Leaf) -> tuple[Units, Measured]:
        units = self.eligible[leaf.number]
        if leaf.from_claimed is not None:
            units &= union(self.claimed, self._leaves_named(leaf.from_claimed))
        elif leaf.claim == "exclusive" and leaf.overlap_with:
            targets = self.watches[leaf].targets[1:]
            own = self.claimed.get(leaf.number, 0)
            more = shared(leaf, self.claimed, targets, units, self.measures)
            return own | more, overlap_measured(leaf, self.claimed, targets, units, self.measures)
        elif leaf.claim == "exclusive":
            units = self.claimed.get(leaf.number, 0)
        return units, self.measures.measured(leaf, units)

    def _of_goal(self, node: GoalNode) -> Outcome:
        branch = node.then if node.goal in self.ledger.goals else node.otherwise
        if branch is None:
            return Outcome(node, is_met=True, fraction=1.0, have=1.0, need=1.0)
        child = self._outcome(branch)
        return Outcome(node, child.is_met, child.fraction, float(child.is_met), 1.0, children=(child,))

    def _of_group(self, group: Group) -> Outcome:
        children = tuple(map(self._outcome, group.children))
        if group.kind == "seq":
            children = self._in_order(group, children)
        met = sum(child.is_met for child in children)
        is_met = met >= group.least
        if group.kind in {"all", "seq"}:
            total = sum(child.weight for child in group.children)
            fraction = sum(child.node.weight * child.fraction for child in children) / total
        else:
            fraction = _of_the_best(group.least, children)
            if group.observes and group.most is not None and met > group.most:
                is_met, fraction = False, group.most / met
        return Outcome(group, is_met, fraction, float(met), float(group.least), children=children)

    def _in_order(self, group: Group, children: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """The outcomes of a sequence, each held against its place."""
        times = self._times(lambda leaf: self._counted(leaf)[0])
        placed = []
        for place, (child, is_placed) in enumerate(zip(children, times.in_place(group), strict=True)):
            share = order_share(child.node) if place else 0.0
            fraction = child.fraction * (1 - share) + (share if is_placed else 0.0)
            is_out = child.is_out_of_order or (child.is_met and not is_placed)
            placed.append(replace(child, is_met=is_placed, fraction=fraction, is_out_of_order=is_out))
        return tuple(placed)


def _of_the_best(least: int, children: Sequence[Outcome]) -> float:
    if not least:
        return 1.0
    return sum(sorted((child.fraction for child in children), reverse=True)[:least]) / least
