"""Recognition: where an achievement counts, for what, and at whom, as the catalog's stacks and equivalences say.

Derived and never stated twice: a stack's own rules are asked which of them an award could serve, as what it is and as
whatever an equivalence makes of it. Only the newest version of a stack is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from schemas.catalog import Counterpart, Equivalence
from services.core.stacks.compiled import CompiledCatalog, CompiledStack
from services.core.stacks.copies import Copy, counterpart
from services.core.stacks.rules import AverageLeaf, CountLeaf, Filter, Group, LastLeaf, Leaf, Node, SumLeaf, children_of
from services.core.stacks.select import both

As = Literal["required", "option", "one_of_several", "amount", "average", "latest"]
"""How it counts: the stack cannot do without it, it is one of the ways, one of so many, by its credits, in a mean."""


@dataclass(frozen=True, slots=True)
class Through:
    """The equivalence by which it counts as something else, and whose word that is."""

    achievement: str
    name: str
    credits: float | None
    unit: str | None
    authority: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """One rule of one stack that an award of the achievement may serve."""

    stack_id: str
    stack_title: str
    awards: str | None
    """The achievement that the stack awards, by name."""
    at: str | None
    """Who issues that achievement, by name."""
    rule: str
    """The rule's path in the stack."""
    rule_name: str | None
    counts_as: As
    conditions: tuple[str, ...]
    credits: float | None
    unit: str | None
    through: tuple[Through, ...]
    leads_to: tuple[str, ...]
    """Stacks that this stack counts in, by title."""
    source: str | None


def recognised(achievement: str, catalog: CompiledCatalog) -> tuple[Recognised, ...]:
    """Everything that an award of the achievement may count for, by stack and rule; the same rule once.

    What one equivalence makes of an award adds up in a rule that adds; two equivalences, or it and the award, do not.
    """
    found: dict[tuple[str, str], Recognised] = {}
    for guises in _guises(achievement, catalog):
        together: dict[tuple[str, str], Recognised] = {}
        for copy, through in guises:
            for stack_id in sorted(catalog.index.directly(copy)):
                for one in _in_stack(copy, through, catalog.stack(stack_id), catalog):
                    key = one.stack_id, one.rule
                    together[key] = _added(together[key], one) if key in together else one
        found = together | found
    return tuple(found.values())


def _added(one: Recognised, other: Recognised) -> Recognised:
    credits_ = None if one.credits is None or one.unit != other.unit else one.credits + (other.credits or 0)
    return replace(one, credits=credits_, through=one.through + other.through)


def worth_elsewhere(achievement: str, catalog: CompiledCatalog) -> tuple[Through, ...]:
    """What equivalences make of it, in the order written."""
    return tuple(through for guises in _guises(achievement, catalog) for _, through in guises if through is not None)


def earned_by(achievement: str, catalog: CompiledCatalog) -> tuple[CompiledStack, ...]:
    """The stacks that award it."""
    return tuple(stack for stack in catalog.stacks if stack.document.awards == achievement)


def next_achievements(achievement: str, catalog: CompiledCatalog) -> tuple[str, ...]:
    """What one may go on to: all that counts in the same stacks or is awarded by them, by id, without itself."""
    found: set[str] = set()
    for one in recognised(achievement, catalog):
        stack = catalog.stack(one.stack_id)
        found.update(option for leaf in stack.leaves for option in catalog.options(leaf.selector))
        found.update(
            awards
            for above in catalog.index.above[one.stack_id]
            if (awards := catalog.stack(above).document.awards) is not None
        )
    return tuple(sorted(found - {achievement}))


def _guises(achievement: str, catalog: CompiledCatalog) -> Iterator[list[tuple[Copy, Through | None]]]:
    """The achievement as itself, and for each equivalence all that it makes of it."""
    itself = catalog.offered(achievement)
    yield [(itself, None)]
    for equivalence in catalog.equivalences:
        if equivalence.selector.may(itself):
            copies = (
                (counterpart(itself, target, catalog.achievements.get(target.achievement)), target)
                for target in equivalence.document.to
            )
            yield [(copy, _through(copy, target, equivalence.document, catalog)) for copy, target in copies]


def _through(copy: Copy, target: Counterpart, document: Equivalence, catalog: CompiledCatalog) -> Through:
    name = name_of(target.achievement, catalog)
    return Through(target.achievement, name, copy.credits, copy.unit, document.authority, document.source)


def _in_stack(
    copy: Copy, through: Through | None, stack: CompiledStack, catalog: CompiledCatalog
) -> Iterator[Recognised]:
    awarded = stack.document.awards
    for leaf, is_needed in _leaves(stack.root, is_needed=True):
        where = None if leaf.filter is None else leaf.filter.where
        if not (both(leaf.selector, where) or leaf.selector).may(copy):
            continue
        yield Recognised(
            stack_id=stack.id,
            stack_title=stack.document.title or stack.id,
            awards=None if awarded is None else name_of(awarded, catalog),
            at=None if awarded is None else issuer_name(awarded, catalog),
            rule=leaf.path,
            rule_name=leaf.name,
            counts_as=_counts_as(leaf, is_needed=is_needed),
            conditions=_conditions(leaf.filter),
            credits=copy.credits if isinstance(leaf, SumLeaf) else None,
            unit=(copy.unit or stack.document.unit) if isinstance(leaf, SumLeaf) else None,
            through=() if through is None else (through,),
            leads_to=_above(stack.id, catalog),
            source=stack.document.source,
        )


def _leaves(node: Node, *, is_needed: bool) -> Iterator[tuple[Leaf, bool]]:
    """Each leaf of the tree, and whether the stack cannot be complete without it."""
    if isinstance(node, Leaf):
        yield node, is_needed
        return
    children = children_of(node)
    every_one = isinstance(node, Group) and node.least == len(children)
    for child in children:
        yield from _leaves(child, is_needed=is_needed and every_one)


def _counts_as(leaf: Leaf, *, is_needed: bool) -> As:
    if isinstance(leaf, SumLeaf):
        return "amount"
    if isinstance(leaf, AverageLeaf):
        return "average"
    if isinstance(leaf, LastLeaf):
        return "latest"
    if isinstance(leaf, CountLeaf) and leaf.least > 1:
        return "one_of_several"
    has_rivals = leaf.selector.ids is None or len(leaf.selector.ids) > 1
    return "required" if is_needed and not has_rivals else "option"


def _conditions(asked: Filter | None) -> tuple[str, ...]:
    if asked is None:
        return ()
    told = (
        "while it is active" if asked.active else "",
        f"earned within {asked.within.text}" if asked.within is not None else "",
        f"with grade {asked.min_grade} or better" if asked.min_grade is not None else "",
        f"with a score of {asked.min_score:g} or more" if asked.min_score is not None else "",
        f"at trust tier {asked.trust} or above" if asked.trust else "",
    )
    return tuple(filter(None, told))


def _above(stack_id: str, catalog: CompiledCatalog) -> tuple[str, ...]:
    above = sorted(catalog.index.above[stack_id] - {stack_id})
    return tuple(catalog.stack(one).document.title or one for one in above)


def name_of(achievement: str, catalog: CompiledCatalog) -> str:
    """An achievement's name, else its id."""
    offered = catalog.achievements.get(achievement)
    return achievement if offered is None else offered.name or achievement


def issuer_name(achievement: str, catalog: CompiledCatalog) -> str | None:
    """The name of who issues an achievement, else that one's id; None when the catalog does not say who."""
    offered = catalog.achievements.get(achievement)
    if offered is None or offered.issuer is None:
        return None
    return next((one.name or one.id for one in catalog.document.issuers if one.id == offered.issuer), offered.issuer)
