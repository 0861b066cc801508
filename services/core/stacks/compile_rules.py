"""From a rule document to the compiled tree: modifiers inherited, selectors compiled, what can never be met noted.

A modifier beside a group is the default of every rule beneath it; the nearest one holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.catalog import Stack
from schemas.rules import Average, Claim, Count, If, Last, NOf, Rule, StackVersion, Sum
from schemas.selectors import Selector as SelectorDocument
from services.core.stacks.durations import span
from services.core.stacks.faults import Place, pointer
from services.core.stacks.grades import Scales
from services.core.stacks.rules import (
    AverageLeaf,
    Cap,
    CountLeaf,
    Filter,
    GoalNode,
    Group,
    LastLeaf,
    Leaf,
    NestedNode,
    Node,
    SumLeaf,
    grains,
)
from services.core.stacks.select import EVERYTHING, compiled

UNITS = {"hours": "hour", "ceu": "ceu", "years": "year", "points": "point"}
"""The credit unit that a quantity adds up; `credits` adds up the stack's own."""
ADDS_EACH = frozenset({"ceu", "years"})
"""Quantities of activity: every award adds its own. Of the others, two copies of one achievement count once."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """The modifiers in force at a place in the tree."""

    claim: Claim = "exclusive"
    filter: Filter = field(default_factory=Filter)


@dataclass(slots=True)
class RuleCompiler:
    """Compiles the rules of one stack; `leaves` gathers them in document order."""

    stack: Stack
    scales: Scales
    leaves: list[Leaf] = field(default_factory=list)

    def node(self, rule: Rule, at: Place, steps: tuple[str | int, ...], above: Inherited) -> Node:
        """The compiled rule at a place; `steps` are those below the stack's `requires`."""
        here = self._inherited(rule, at, above)
        kind = rule.kind
        part = rule.part(kind)
        place, below = at / kind, (*steps, kind)
        common: dict[str, Any] = {
            "kind": kind,
            "path": pointer(steps),
            "name": rule.name,
            "weight": rule.weight or 1.0,
        }
        if kind in {"all", "any", "seq"}:
            children = tuple(
                self.node(child, place / number, (*below, number), here) for number, child in enumerate(part)
            )
            return _group(common, children, 1 if kind == "any" else len(children))
        if isinstance(part, NOf):
            return self._n_of(common, part, place, below, here)
        if isinstance(part, If):
            return self._if(common, part, place, below, here)
        if kind == "stack":
            return _nested(common, part, here)
        return self._leaf(common, rule, place, here)

    def _n_of(
        self, common: dict[str, Any], part: NOf, at: Place, steps: tuple[str | int, ...], here: Inherited
    ) -> Node:
        if part.n > len(part.of):
            (at / "n").fault(f"asks for {part.n} of {len(part.of)} rules, which can never be met")
        if part.max is not None and part.max < part.n:
            (at / "max").fault(f"max {part.max} is below n {part.n}")
        children = tuple(
            self.node(child, at / "of" / number, (*steps, "of", number), here) for number, child in enumerate(part.of)
        )
        return replace(_group(common, children, part.n, part.max), observes=here.claim == "observe")

    def _if(self, common: dict[str, Any], part: If, at: Place, steps: tuple[str | int, ...], here: Inherited) -> Node:
        then = self.node(part.then, at / "then", (*steps, "then"), here)
        other = None if part.else_ is None else self.node(part.else_, at / "else", (*steps, "else"), here)
        leaves = then.leaves + (() if other is None else other.leaves)
        return GoalNode(**common, leaves=leaves, goal=part.goal, then=then, otherwise=other)

    def _leaf(self, common: dict[str, Any], rule: Rule, at: Place, here: Inherited) -> Leaf:
        number = len(self.leaves)
        asked = None if here.filter.lets_all_pass else here.filter
        common |= {"leaves": (number,), "number": number, "filter": asked, "from_claimed": rule.from_claimed}
        if rule.overlap is not None:
            named = rule.overlap.with_
            common["overlap_with"] = (named,) if isinstance(named, str) else named
            common["overlap_max"] = rule.overlap.max
        leaf = self._of_kind(common, rule, at, here.claim)
        self.leaves.append(leaf)
        return leaf

    def _of_kind(self, common: dict[str, Any], rule: Rule, at: Place, claim: Claim) -> Leaf:
        part = rule.part(rule.kind)
        if isinstance(part, Count):
            return self._count(common, part, at, claim)
        if isinstance(part, Sum):
            return self._sum(common, part, at, claim)
        if isinstance(part, Average):
            selector = compiled(part.from_, at / "from", self.scales)
            return AverageLeaf(**common, claim="observe", selector=selector, of=part.of, least=part.min)
        if isinstance(part, Last):
            return self._last(common, part, at)
        selector = compiled(part, at, self.scales)
        return CountLeaf(
            **common, claim=_claim(common, claim), selector=selector, least=1, most=None, distinct="achievement"
        )

    def _count(self, common: dict[str, Any], part: Count, at: Place, claim: Claim) -> CountLeaf:
        selector = compiled(part.from_, at / "from", self.scales)
        if part.max is not None and part.max < part.least:
            (at / "max").fault(f"max {part.max} is below min {part.least}")
        return CountLeaf(
            **common,
            claim=_claim(common, claim),
            selector=selector,
            least=part.least,
            most=part.max,
            distinct=part.distinct,
        )

    def _sum(self, common: dict[str, Any], part: Sum, at: Place, claim: Claim) -> SumLeaf:
        for number, cap in enumerate(part.max_from):
            if cap.from_ == part.from_ and cap.max < part.min:
                (at / "max_from" / number).fault(f"at most {cap.max:g} counts, so {part.min:g} can never be met")
        caps = tuple(
            Cap(selector=compiled(cap.from_, at / "max_from" / number / "from", self.scales), most=grains(cap.max))
            for number, cap in enumerate(part.max_from)
        )
        return SumLeaf(
            **common,
            claim=_claim(common, claim),
            selector=compiled(part.from_, at / "from", self.scales),
            unit=UNITS.get(part.of, self.stack.unit),
            least=grains(part.min),
            caps=caps,
            spread_by=None if part.distinct is None else part.distinct.by,
            spread_min=0 if part.distinct is None else part.distinct.min,
            each=part.of in ADDS_EACH,
        )

    def _last(self, common: dict[str, Any], part: Last, at: Place) -> LastLeaf:
        return LastLeaf(
            **common,
            claim="observe",
            selector=EVERYTHING,
            unit=self.stack.unit,
            credits=grains(part.credits),
            matching=compiled(part.all, at / "all", self.scales),
        )

    def _inherited(self, rule: Rule, at: Place, above: Inherited) -> Inherited:
        stated: dict[str, Any] = {}
        if rule.active is not None:
            stated["active"] = rule.active
        if rule.within is not None:
            stated["within"] = span(rule.within)
        if rule.trust is not None:
            stated["trust"] = rule.trust
        if rule.min_score is not None:
            stated["min_score"] = rule.min_score
        if rule.min_grade is not None:
            if self.scales.scale_of(rule.min_grade) is None:
                (at / "min_grade").fault(f"no scale has the grade {rule.min_grade}")
            stated["min_grade"] = rule.min_grade
        return Inherited(rule.claim or above.claim, replace(above.filter, **stated) if stated else above.filter)


def selectors_in(rule: Rule, at: Place) -> Iterator[tuple[SelectorDocument, Place]]:
    """Every selector of a rule and of the rules beneath it, with its place."""
    kind = rule.kind
    part, place = rule.part(kind), at / kind
    if kind == "award":
        yield part, place
    elif isinstance(part, Count | Sum | Average):
        yield part.from_, place / "from"
        if isinstance(part, Sum):
            yield from ((cap.from_, place / "max_from" / n / "from") for n, cap in enumerate(part.max_from))
    elif isinstance(part, Last):
        yield part.all, place / "all"
    for child, where in rules_beneath(rule, at):
        yield from selectors_in(child, where)


def rules_beneath(rule: Rule, at: Place) -> Iterator[tuple[Rule, Place]]:
    """The rules right beneath a rule, with their places."""
    kind = rule.kind
    part, place = rule.part(kind), at / kind
    if kind in {"all", "any", "seq"}:
        yield from ((child, place / number) for number, child in enumerate(part))
    elif isinstance(part, NOf):
        yield from ((child, place / "of" / number) for number, child in enumerate(part.of))
    elif isinstance(part, If):
        yield part.then, place / "then"
        if part.else_ is not None:
            yield part.else_, place / "else"


def _group(common: dict[str, Any], children: tuple[Node, ...], least: int, most: int | None = None) -> Group:
    leaves = tuple(number for child in children for number in child.leaves)
    return Group(**common, leaves=leaves, children=children, least=least, most=most)


def _nested(common: dict[str, Any], part: str | StackVersion, here: Inherited) -> NestedNode:
    passed_on = replace(here.filter, where=None)
    asked = None if passed_on.lets_all_pass else passed_on
    if isinstance(part, str):
        return NestedNode(**common, leaves=(), stack_id=part, version=None, filter=asked)
    return NestedNode(**common, leaves=(), stack_id=part.id, version=part.version, filter=asked)


def _claim(common: dict[str, Any], claim: Claim) -> Claim:
    """A rule over what another claims can only observe it."""
    return claim if common["from_claimed"] is None else "observe"
