"""The compiled rule tree: frozen nodes that mirror the document, with everything looked up and inherited.

A leaf looks at awards and, unless it only observes, claims the ones it uses; a group or a nested stack looks at other
rules. Each node knows its path in the document, which of the stack's leaves lie beneath it, and what it weighs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.rules import Claim, Distinct, RuleKind
from services.core.stacks.copies import Copy
from services.core.stacks.durations import Span
from services.core.stacks.grades import Scales
from services.core.stacks.select import Selector

GRAIN = 10_000
"""Credits are kept as whole ten-thousandths, so that sums are exact and 3 x 1/3 falls short of nothing."""

MOST_AMOUNT = 1e12
"""An amount beyond this is this much: so that sums stay numbers, whatever a record says."""


def grains(amount: float) -> int:
    """An amount in whole `GRAIN`ths."""
    return round(min(amount, MOST_AMOUNT) * GRAIN)


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """What an award must be, besides selected, to count for a rule: the modifiers in force there."""

    active: bool = False
    within: Span | None = None
    min_grade: str | None = None
    min_score: float | None = None
    trust: int = 0
    where: Selector | None = None

    @property
    def is_timed(self) -> bool:
        """Whether time alone can change its answer."""
        return self.active or self.within is not None

    @property
    def lets_all_pass(self) -> bool:
        """Whether it asks nothing."""
        return (
            not self.is_timed
            and self.min_grade is None
            and self.min_score is None
            and not self.trust
            and self.where is None
        )

    def passes(self, copy: Copy, as_of: datetime, scales: Scales) -> bool:
        """Whether an award counts at an instant."""
        if self.active and copy.valid_until is not None and copy.valid_until <= as_of:
            return False
        if self.within is not None and self.within.after(copy.earned_at) < as_of:
            return False
        if self.min_score is not None and (copy.score is None or copy.score < self.min_score):
            return False
        if copy.trust < self.trust or (self.where is not None and not self.where.test(copy)):
            return False
        return self.min_grade is None or scales.is_at_least(copy.grade, self.min_grade)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Node:
    """What every rule has. `leaves` are the numbers of the leaves beneath it (or its own)."""

    kind: RuleKind
    path: str
    name: str | None
    weight: float
    leaves: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Leaf(Node):
    """A rule that looks at awards. `filter` is None when it asks nothing."""

    number: int
    claim: Claim
    selector: Selector
    filter: Filter | None
    from_claimed: str | None = None
    overlap_with: tuple[str, ...] = ()
    overlap_max: float = 0
    admitted: frozenset[str] = frozenset()
    """Achievements that a registrar lets count here besides the selected ones."""
    excused: frozenset[str] = frozenset()
    """Those of them that need not pass the filter."""
    blocked: frozenset[str] = frozenset()
    """Achievements that a registrar keeps from counting here."""

    @property
    def is_plain(self) -> bool:
        """Whether no registrar has touched it."""
        return not (self.admitted or self.blocked)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CountLeaf(Leaf):
    """`award` (a count of one) and `count`."""

    least: int
    most: int | None
    distinct: Distinct


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cap:
    """Of these awards at most `most` (in `GRAIN`ths) counts."""

    selector: Selector
    most: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SumLeaf(Leaf):
    """`sum`, in `GRAIN`ths of `unit`. With `each`, every award adds up; without, two of one achievement count once."""

    unit: str
    least: int
    caps: tuple[Cap, ...]
    spread_by: Distinct | None
    spread_min: int
    each: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AverageLeaf(Leaf):
    """`avg`: of grade points, weighted by credits, or of scores."""

    of: Literal["grade", "score"]
    least: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LastLeaf(Leaf):
    """`last`: the newest credits (in `GRAIN`ths) must all be of awards that `matching` selects."""

    unit: str
    credits: int
    matching: Selector


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Group(Node):
    """`all` and `seq` (all of the children), `any` and `n_of` (`least` of them)."""

    children: tuple[Node, ...]
    least: int
    most: int | None = None
    observes: bool = False
    """Whether it only looks: then more than `most` met is too many."""

    @property
    def is_choice(self) -> bool:
        """Whether it asks for some of its children: then it is told of as one, whichever of them are missing."""
        return self.kind in {"any", "n_of"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GoalNode(Node):
    """`if`: one rule for who has the goal, another (or nothing) for the rest."""

    goal: str
    then: Node
    otherwise: Node | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NestedNode(Node):
    """`stack`: another stack, complete. `filter` holds for every rule in it that does not say otherwise."""

    stack_id: str
    version: str | None
    filter: Filter | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WaivedNode(Node):
    """A rule that a registrar has waived; `rule` is what it was."""

    rule: Node


def is_single(node: Node) -> bool:
    """Whether one award, of one selector, is all that a rule asks."""
    return isinstance(node, CountLeaf) and node.least == 1 and node.distinct == "achievement" and node.most is None


def can_fall(leaf: Leaf) -> bool:
    """Whether more evidence can un-meet a leaf."""
    if isinstance(leaf, AverageLeaf | LastLeaf):
        return True
    return isinstance(leaf, CountLeaf) and leaf.claim == "observe" and leaf.most is not None


def children_of(node: Node) -> tuple[Node, ...]:
    """The rules right beneath a rule."""
    if isinstance(node, Group):
        return node.children
    if isinstance(node, GoalNode):
        return (node.then,) if node.otherwise is None else (node.then, node.otherwise)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A rule and all beneath it, in document order."""
    yield node
    for child in children_of(node):
        yield from walk(child)
