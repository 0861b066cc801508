"""A stack's rules as a flat outline: each rule with its words, its parent and what it is to it.

Apart from the counts (`stack_reports`) and from the drawing (`graph`) because it depends on the catalog alone. The
order is the document's, parents before children; the first is the stack itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from services.core.stacks import CompiledCatalog, CompiledStack
from services.core.stacks.explain import WORDS, number
from services.core.stacks.rules import (
    GRAIN,
    AverageLeaf,
    CountLeaf,
    GoalNode,
    Group,
    LastLeaf,
    Leaf,
    NestedNode,
    Node,
    SumLeaf,
    WaivedNode,
    children_of,
)
from services.dashboard.models import Answer

Kind = Literal["stack", "group", "choice", "award", "amount", "nested"]
_MOST_NAMES = 2
_MOST_OPTIONS = 6
"""A kind of so few achievements is told by their names."""


class Rule(Answer):
    """One rule. `asks` says how much of what is beneath it, or of its kind, it wants.

    `follows` is the rule that must be met before it, in a sequence. `is_option` is True of a rule that is one way among
    several, or beneath one: whether it is met says nothing about who has not gone that way.
    """

    path: str
    parent: str | None
    kind: Kind
    label: str
    asks: str
    depth: int
    follows: str | None = None
    is_option: bool = False
    is_choice: bool = False
    """Whether not all that is right beneath it is asked for."""
    is_part: bool = False
    """Whether it is told as one part that is missing, while it is not met."""
    stack_id: str | None = None
    """The stack that a rule of kind nested stands for."""
    achievement_id: str | None = None
    """The achievement, where a rule asks for exactly one."""


def outline(stack: CompiledStack, catalog: CompiledCatalog) -> tuple[Rule, ...]:
    """The rules of a stack."""
    return tuple(_rules(stack.root, _Place(None, 0, None, is_option=False), stack, catalog))


def parts(rules: tuple[Rule, ...]) -> int:
    """In how many parts a worker with nothing misses the stack."""
    return sum(rule.is_part for rule in rules)


class _Place:
    __slots__ = ("depth", "follows", "is_option", "parent")

    def __init__(self, parent: str | None, depth: int, follows: str | None, *, is_option: bool) -> None:
        self.parent, self.depth, self.follows, self.is_option = parent, depth, follows, is_option


def _rules(node: Node, place: _Place, stack: CompiledStack, catalog: CompiledCatalog) -> Iterator[Rule]:
    yield Rule(
        path=node.path,
        parent=place.parent,
        kind="stack" if place.parent is None else _kind(node),
        label=(stack.document.title or stack.id) if place.parent is None else _label(node, catalog),
        asks=_asks(node, catalog),
        depth=place.depth,
        follows=place.follows,
        is_option=place.is_option,
        is_choice=_is_choice(node),
        is_part=not place.is_option and _is_part(node, place),
        stack_id=node.stack_id if isinstance(node, NestedNode) else None,
        achievement_id=_single(node),
    )
    if place.parent is None and not children_of(node) and not isinstance(node, WaivedNode):
        yield from _sole(node, catalog)
    before = None
    for child in children_of(node):
        is_option = place.is_option or _is_choice(node)
        yield from _rules(child, _Place(node.path, place.depth + 1, before, is_option=is_option), stack, catalog)
        before = child.path if node.kind == "seq" else None


def _sole(node: Node, catalog: CompiledCatalog) -> Iterator[Rule]:
    """The one rule of a stack that asks for one thing: drawn beside the stack, it has the stack's own place."""
    yield Rule(
        path=f"{node.path}/",
        parent=node.path,
        kind=_kind(node),
        label=_label(node, catalog),
        asks=_asks(node, catalog),
        depth=1,
        is_part=True,
        stack_id=node.stack_id if isinstance(node, NestedNode) else None,
        achievement_id=_single(node),
    )


def _is_part(node: Node, place: _Place) -> bool:
    return _is_choice(node) or (place.parent is not None and not children_of(node))


def _is_choice(node: Node) -> bool:
    return isinstance(node, GoalNode) or (isinstance(node, Group) and node.is_choice)


def _kind(node: Node) -> Kind:
    if isinstance(node, NestedNode):
        return "nested"
    if isinstance(node, Leaf):
        return "award" if node.kind == "award" else "amount"
    return "choice" if _is_choice(node) else "group"


def _label(node: Node, catalog: CompiledCatalog) -> str:
    if isinstance(node, WaivedNode):
        return _label(node.rule, catalog)
    if node.name is not None and not isinstance(node, Leaf):
        return node.name
    if isinstance(node, NestedNode):
        return catalog.stack(node.stack_id).document.title or node.stack_id
    if isinstance(node, Leaf):
        return _leaf_label(node, catalog)
    return {"all": "All of these", "seq": "In this order", "any": "One of these"}.get(node.kind, "Of these")


def _leaf_label(leaf: Leaf, catalog: CompiledCatalog) -> str:
    options = catalog.options(leaf.selector)
    if leaf.selector.ids is None and not 0 < len(options) <= _MOST_OPTIONS:
        return leaf.name or "Of the kind asked for"
    names = [catalog.achievements[one].name or one if one in catalog.achievements else one for one in options]
    told = " or ".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        told += f" or {len(names) - _MOST_NAMES} more"
    return f"{leaf.name}: {told}" if leaf.name else told


def _asks(node: Node, catalog: CompiledCatalog) -> str:
    if isinstance(node, Group):
        return _asks_of_group(node)
    if isinstance(node, GoalNode):
        goal = catalog.achievements.get(node.goal)
        return f"depends on going for {(goal and goal.name) or node.goal}"
    return "the whole stack" if isinstance(node, NestedNode) else _amount(node)


def _amount(node: Node) -> str:
    """How much a rule on awards asks for; nothing where it asks for one."""
    if isinstance(node, SumLeaf):
        return f"{number(node.least / GRAIN)} {WORDS[node.unit]}"
    if isinstance(node, LastLeaf):
        return f"the newest {number(node.credits / GRAIN)} {WORDS[node.unit]}"
    if isinstance(node, AverageLeaf):
        return f"an average {node.of} of {number(node.least)}"
    return f"{node.least} of them" if isinstance(node, CountLeaf) and node.kind == "count" else ""


def _asks_of_group(group: Group) -> str:
    total = len(group.children)
    if group.kind == "seq":
        return f"all {total}, in order"
    if group.kind == "all":
        return f"all {total}" if total > 1 else ""
    return f"any {group.least} of {total}" if group.kind == "any" else f"at least {group.least} of {total}"


def _single(node: Node) -> str | None:
    if isinstance(node, Leaf) and node.selector.ids is not None and len(node.selector.ids) == 1:
        return node.selector.ids[0]
    return None
