"""Evaluation: one stack judged for one worker at one instant. Pure and total: it never raises on valid input.

The result is a tree that mirrors the rules. "Not yet met" is a value with what is there and what is needed. `complete`
is judged rule by rule and is apart from `progress`, which stays below 1 while anything is unmet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from schemas.progress import Proof, Status
from services.core.facts import Facts
from services.core.stacks.allocate.units import Units, bits, singles
from services.core.stacks.assign import Assigner
from services.core.stacks.changes import next_change_at, revoked_at
from services.core.stacks.compile import CompiledCatalog, CompiledStack
from services.core.stacks.copies import Copy
from services.core.stacks.durations import FIRST
from services.core.stacks.ledger import Ledger, earlier_ledgers, ledger
from services.core.stacks.measure import Measures
from services.core.stacks.rules import CountLeaf, GoalNode, Group, Leaf, NestedNode, Node, SumLeaf
from services.core.stacks.versions import version_for

ALMOST = 0.999
"""The most that progress shows while a stack is not complete."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One rule judged: what it has of what it needs, the awards it uses, and the rules beneath it likewise.

    `claimed` are the units of an exclusive rule.
    """

    node: Node
    is_met: bool
    fraction: float
    have: float
    need: float
    used: tuple[Copy, ...] = ()
    claimed: Units = 0
    children: tuple[Outcome, ...] = ()
    nested: Evaluation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A stack judged. `earned_at` is when the last award that it rests on was earned, for a complete stack."""

    stack: CompiledStack
    ledger: Ledger
    root: Outcome
    complete: bool
    progress: float
    status: Status
    proof: Proof
    next_change_at: datetime | None
    earned_at: datetime | None

    @property
    def as_of(self) -> datetime:
        """The instant that it was judged at."""
        return self.ledger.as_of


def evaluate(stack: CompiledStack, facts: Facts, as_of: datetime, catalog: CompiledCatalog) -> Evaluation:
    """The stack judged for a worker at an instant, by the version that holds for that worker."""
    return Evaluator(ledger(facts, as_of, catalog)).evaluation(stack.id)


def evaluate_all(
    stacks: Iterable[CompiledStack], facts: Facts, as_of: datetime, catalog: CompiledCatalog
) -> tuple[Evaluation, ...]:
    """Several stacks judged for one worker; cheaper than one by one, because they share what is looked up."""
    evaluator = Evaluator(ledger(facts, as_of, catalog))
    return tuple(evaluator.evaluation(stack.id) for stack in stacks)


@dataclass(slots=True, eq=False)
class Evaluator:
    """Judges stacks against one ledger; a stack nested in several is judged once."""

    ledger: Ledger
    looks_back: bool = True
    """Whether a stack that is not complete is asked if it ever was."""
    known: dict[CompiledStack, Evaluation] = field(default_factory=dict)

    def evaluation(self, stack_id: str) -> Evaluation:
        """A stack by its version that holds for the worker."""
        return self.of_version(version_for(self.ledger, self.ledger.catalog.families[stack_id]))

    def of_version(self, stack: CompiledStack) -> Evaluation:
        """Exactly this version."""
        known = self.known.get(stack)
        if known is None:
            known = self.known[stack] = self._evaluated(stack)
        return known

    def _evaluated(self, stack: CompiledStack) -> Evaluation:
        judge = _Judge(self, stack)
        root, is_exact = judge.judged()
        evaluation = Evaluation(
            stack=stack,
            ledger=self.ledger,
            root=root,
            complete=root.is_met,
            progress=1.0 if root.is_met else min(round(root.fraction, 6), ALMOST),
            status="complete" if root.is_met else "in_progress" if root.fraction > 0 else "not_started",
            proof="exact" if root.is_met or is_exact else "heuristic",
            next_change_at=next_change_at(stack, self.ledger, _nested_changes(root)),
            earned_at=_earned_at(root) if root.is_met else None,
        )
        if root.is_met or not self.looks_back or not judge.could_have_been_met_earlier():
            return evaluation
        return self._looked_back(evaluation)

    def _looked_back(self, evaluation: Evaluation) -> Evaluation:
        """What a stack is that is not complete now: still complete if earned once, lapsed, or never complete."""
        stack = evaluation.stack
        earlier = (Evaluator(then, looks_back=False).of_version(stack) for then in earlier_ledgers(self.ledger))
        was = next((one for one in earlier if one.complete), None)
        if was is None:
            return evaluation
        if stack.document.status == "earned_once":
            return replace(was, ledger=self.ledger, next_change_at=revoked_at(stack, self.ledger))
        return replace(evaluation, status="lapsed")


class _Judge:
    """Judges one stack: what is eligible, who claims what, and the tree of outcomes."""

    __slots__ = ("claimed", "eligible", "evaluator", "ledger", "measures", "nested", "stack")

    def __init__(self, evaluator: Evaluator, stack: CompiledStack) -> None:
        self.evaluator = evaluator
        self.ledger = evaluator.ledger
        self.stack = stack
        self.measures = Measures(self.ledger)
        self.eligible: Sequence[Units] = [self._eligible(leaf) for leaf in stack.leaves]
        self.nested = {node: self._nested(node) for node in stack.nested}
        self.claimed: dict[int, Units] = {}

    def judged(self) -> tuple[Outcome, bool]:
        """The outcome of the whole, and whether the allocation is proven the best."""
        contended = self._contended()
        is_exact = True
        if contended:
            claims = self._assigner(contended).claims(self.stack.root)
            self.claimed, is_exact = dict(claims.units), claims.is_exact
        else:
            self.claimed = {leaf.number: self.eligible[leaf.number] for leaf in self.stack.leaves}
        self._keep_what_is_needed()
        return self._outcome(self.stack.root), is_exact and all(
            evaluation.proof == "exact" for evaluation in self.nested.values()
        )

    def _eligible(self, leaf: Leaf) -> Units:
        if isinstance(leaf, SumLeaf):
            units = 0
            for unit in self.measures.worth(leaf):
                units |= 1 << unit
            return units
        return self.ledger.eligible(leaf)

    def _nested(self, node: NestedNode) -> Evaluation:
        catalog = self.ledger.catalog
        family = catalog.families[node.stack_id]
        stack = version_for(self.ledger, family) if node.version is None else catalog.stack(node.stack_id, node.version)
        return self.evaluator.of_version(catalog.variants.get((node, stack.version), stack))

    def _contended(self) -> Units:
        seen = contended = 0
        for leaf in self.stack.leaves:
            if leaf.claim == "exclusive":
                units = self.eligible[leaf.number]
                contended |= seen & units
                seen |= units
        return contended

    def _assigner(self, contended: Units) -> Assigner:
        settled: dict[Node, float] = {
            leaf: self.measures.measured(leaf, self.eligible[leaf.number]).fraction
            for leaf in self.stack.leaves
            if leaf.claim != "exclusive"
        }
        settled |= {node: evaluation.progress for node, evaluation in self.nested.items()}
        return Assigner(self.measures, self.stack.leaves, self.eligible, settled, contended)

    def could_have_been_met_earlier(self) -> bool:
        """Whether the stack, unmet now, may have been complete at an earlier instant; never wrongly no."""
        has_lapses = self.stack.can_lapse or any(one.status == "lapsed" for one in self.nested.values())
        return has_lapses and self._could_have_been_met(self.stack.root)

    def _could_have_been_met(self, node: Node) -> bool:
        """Whether a rule could have been met earlier, by what has ended since; never wrongly no."""
        if isinstance(node, Leaf):
            before = self.stack.timeless[node.number] if self.stack.timeless else node
            return node.claim == "observe" or self.measures.measured(before, self._eligible(before)).is_met
        if isinstance(node, NestedNode):
            return self.nested[node].complete or self.nested[node].status == "lapsed"
        if isinstance(node, Group):
            return sum(map(self._could_have_been_met, node.children)) >= node.least
        return True

    def _keep_what_is_needed(self) -> None:
        """Of what each exclusive leaf could have, keep what meets it, older first, and leave the rest unused."""
        exclusive = [leaf for leaf in self.stack.leaves if leaf.claim == "exclusive" and leaf.number in self.claimed]
        claimed = 0
        for leaf in exclusive:
            claimed |= self.claimed[leaf.number]
        for leaf in exclusive:
            others = claimed & ~self.claimed[leaf.number]
            kept = self._needed(leaf, self.eligible[leaf.number] & ~others)
            self.claimed[leaf.number] = kept
            claimed = others | kept

    def _needed(self, leaf: Leaf, units: Units) -> Units:
        if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement":
            return _oldest(units, leaf.least)
        if not self.measures.measured(leaf, units).is_met:
            return units
        for unit in sorted(singles(units), reverse=True):
            if self.measures.measured(leaf, units ^ unit).is_met:
                units ^= unit
        return units

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
        raise TypeError(f"no such rule: {node.kind}")

    def _of_leaf(self, leaf: Leaf) -> Outcome:
        units = self.eligible[leaf.number]
        if leaf.from_claimed is not None:
            units &= self._claimed_by(leaf.from_claimed)
        elif leaf.claim == "exclusive":
            units = self.claimed.get(leaf.number, 0)
        measured = self.measures.measured(leaf, units)
        used = tuple(copy for unit in bits(units) for copy in self.measures.used(leaf, unit))
        claimed = units if leaf.claim == "exclusive" else 0
        return Outcome(leaf, measured.is_met, measured.fraction, measured.have, measured.need, used, claimed)

    def _claimed_by(self, name: str) -> Units:
        units = 0
        for number in self.stack.named[name].leaves:
            leaf = self.stack.leaves[number]
            units |= self.claimed.get(number, 0) if leaf.claim == "exclusive" else self.eligible[number]
        return units

    def _of_goal(self, node: GoalNode) -> Outcome:
        branch = node.then if node.goal in self.ledger.goals else node.otherwise
        if branch is None:
            return Outcome(node, is_met=True, fraction=1.0, have=1.0, need=1.0)
        child = self._outcome(branch)
        return Outcome(node, child.is_met, child.fraction, float(child.is_met), 1.0, children=(child,))

    def _of_group(self, group: Group) -> Outcome:
        children = tuple(self._outcome(child) for child in group.children)
        met = sum(child.is_met for child in children)
        if group.kind in {"all", "seq"}:
            total = sum(child.weight for child in group.children)
            fraction = sum(child.node.weight * child.fraction for child in children) / total
        else:
            fraction = _of_the_best(group.least, children)
        return Outcome(group, met >= group.least, fraction, float(met), float(group.least), children=children)


def _of_the_best(least: int, children: Sequence[Outcome]) -> float:
    if not least:
        return 1.0
    return sum(sorted((child.fraction for child in children), reverse=True)[:least]) / least


def _oldest(units: Units, number: int) -> Units:
    kept = 0
    for unit in singles(units):
        if not number:
            break
        kept |= unit
        number -= 1
    return kept


def supporting(outcome: Outcome) -> Sequence[Outcome]:
    """The outcomes that an outcome rests on: of a choice the options taken, those met first; else all beneath it."""
    node = outcome.node
    if not isinstance(node, Group) or node.least >= len(node.children):
        return outcome.children
    ranked = sorted(outcome.children, key=lambda child: (-child.is_met, -child.fraction, _earned_at(child) or FIRST))
    return ranked[: node.least]


def _earned_at(outcome: Outcome) -> datetime | None:
    """When the last award that an outcome rests on was earned; None when it rests on none."""
    if outcome.nested is not None:
        return outcome.nested.earned_at
    moments = [copy.earned_at for copy in outcome.used]
    moments += [moment for moment in map(_earned_at, supporting(outcome)) if moment is not None]
    return max(moments, default=None)


def _nested_changes(outcome: Outcome) -> Iterable[datetime]:
    if outcome.nested is not None and outcome.nested.next_change_at is not None:
        yield outcome.nested.next_change_at
    for child in outcome.children:
        yield from _nested_changes(child)
