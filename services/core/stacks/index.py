"""How stacks depend on achievements and on one another, worked out once per catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.catalog import Catalog
from services.core.stacks.compiled import CompiledEquivalence, CompiledStack, TouchIndex, selectors_of
from services.core.stacks.copies import offered_copy
from services.core.stacks.select import Selector, both

Families = Mapping[str, tuple[CompiledStack, ...]]
Edges = dict[str, dict[str, None]]
"""Stack -> the stacks that use it, in the order found."""


def index_of(document: Catalog, families: Families, equivalences: tuple[CompiledEquivalence, ...]) -> TouchIndex:
    """The index from achievements to stacks, and between stacks."""
    by_id, by_fields = _mentions(families)
    achievements = {one.id: one for one in document.achievements}
    index = TouchIndex(by_id, by_fields, equivalences, achievements, {}, {}, {})
    users = _nesting(families)
    feeds = _awarding(document, index, users)
    cascades = _cascading(document, index, users)
    above = {stack_id: frozenset(_reachable(stack_id, users)) for stack_id in families}
    by_id = by_id | _awarded(document, by_id)
    is_by_id = not by_fields and all(one.selector.ids is not None for one in equivalences)
    return TouchIndex(by_id, by_fields, equivalences, achievements, above, feeds, cascades, is_by_id=is_by_id)


def _mentions(families: Families) -> tuple[dict[str, frozenset[str]], tuple[tuple[str, Selector], ...]]:
    by_id: dict[str, set[str]] = {}
    by_fields: list[tuple[str, Selector]] = []
    for stack_id, family in families.items():
        for selector, where in (pair for stack in family for pair in selectors_of(stack)):
            if selector.ids is not None:
                for achievement in selector.ids:
                    by_id.setdefault(achievement, set()).add(stack_id)
            else:
                by_fields.append((stack_id, both(selector, where) or selector))
    return {achievement: frozenset(ids) for achievement, ids in by_id.items()}, tuple(by_fields)


def _awarded(document: Catalog, by_id: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Holding what a stack awards touches that stack."""
    found: dict[str, frozenset[str]] = {}
    for stack in document.stacks:
        if stack.awards is not None:
            known = found.get(stack.awards, by_id.get(stack.awards, frozenset()))
            found[stack.awards] = known | {stack.id}
    return found


def _nesting(families: Families) -> Edges:
    users: Edges = {stack_id: {} for stack_id in families}
    for stack_id, family in families.items():
        for node in (node for stack in family for node in stack.nested):
            users[node.stack_id][stack_id] = None
    return users


def _awarding(document: Catalog, index: TouchIndex, users: Edges) -> dict[str, tuple[str, ...]]:
    """Stack -> the stacks whose achievement may count in it; what would make a circle is left out."""
    found: dict[str, dict[str, None]] = {}
    for stack in document.stacks:
        if stack.awards is not None:
            for user in sorted(index.directly(offered_copy(stack.awards, index.achievements))):
                if _joined(stack.id, user, users):
                    found.setdefault(user, {})[stack.id] = None
    return {stack_id: tuple(ids) for stack_id, ids in found.items()}


def _cascading(document: Catalog, index: TouchIndex, users: Edges) -> dict[str, tuple[str, ...]]:
    """Stack -> the stacks that renew it, or an achievement that may count in it."""
    found: dict[str, dict[str, None]] = {}
    for stack in document.stacks:
        for target in () if stack.renewal is None else stack.renewal.cascades_to:
            renewed = {target} & users.keys()
            renewed |= index.directly(offered_copy(target, index.achievements))
            for user in sorted(renewed):
                if _joined(stack.id, user, users):
                    found.setdefault(user, {})[stack.id] = None
    return {stack_id: tuple(ids) for stack_id, ids in found.items()}


def _joined(stack_id: str, user: str, users: Edges) -> bool:
    """Note that one stack uses another, unless the other uses it already; whether it was noted."""
    if stack_id in _reachable(user, users):
        return False
    users[stack_id][user] = None
    return True


def _reachable(start: str, users: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = set(users[waiting.pop()]) - found
        found |= new
        waiting.extend(new)
    return found
