"""A registrar's exceptions: one worker's stack with some of its rules waived, widened, narrowed or moved.

A decision names a rule by its name or its path, or none for the whole stack. What it changes is the compiled tree, so
that everything after works as for any stack; a decision about a rule that is not there changes nothing, and is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from services.core.facts import Excepted
from services.core.stacks.compiled import CompiledStack
from services.core.stacks.ledger import Ledger
from services.core.stacks.rules import (
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
    grains,
    walk,
)
from services.core.stacks.select import of_ids


def decisions_on(stack: CompiledStack, ledger: Ledger) -> tuple[Excepted, ...]:
    """The decisions on a stack that are in force, oldest first."""
    if not ledger.facts.exceptions:
        return ()
    found = [one for one in ledger.facts.exceptions if one.stack_id == stack.id and one.decided_at <= ledger.as_of]
    return tuple(sorted(found, key=lambda one: (one.decided_at, one.type, one.rule or "", one.achievement or "")))


def excepted(stack: CompiledStack, decisions: tuple[Excepted, ...]) -> CompiledStack:
    """The stack as the decisions leave it."""
    change = _Change(list(stack.leaves))
    root = stack.root
    for decision in decisions:
        root = change.applied(root, decision)
    nodes = list(walk(root))
    return replace(
        stack,
        root=root,
        leaves=tuple(change.leaves),
        nested=tuple(node for node in nodes if isinstance(node, NestedNode)),
        named={node.name: node for node in reversed(nodes) if node.name is not None},
        timeless=(),
        only_expires=False,
    )


@dataclass(slots=True)
class _Change:
    """Changes to a tree; `leaves` is kept in step with it."""

    leaves: list[Leaf] = field(default_factory=list)

    def applied(self, root: Node, decision: Excepted) -> Node:
        """The tree with one decision applied."""
        if decision.type == "apply_here" and decision.achievement is not None:
            name = frozenset({decision.achievement})
            root = self._each_leaf(root, lambda leaf: replace(leaf, blocked=leaf.blocked | name))
        return self._at_rule(root, decision, lambda node: self._changed(node, decision))

    def _at_rule(self, node: Node, decision: Excepted, change: Callable[[Node], Node]) -> Node:
        is_it = node.path == "" if decision.rule is None else decision.rule in {node.name, node.path}
        if is_it:
            return change(node)
        return self._with_children(node, lambda child: self._at_rule(child, decision, change))

    def _changed(self, node: Node, decision: Excepted) -> Node:
        if decision.type == "waive":
            return WaivedNode(kind=node.kind, path=node.path, name=node.name, weight=node.weight, leaves=(), rule=node)
        if decision.type == "change_min":
            return self._with_min(node, decision.min)
        if decision.achievement is None:
            return node
        if decision.type == "substitute" and not isinstance(node, Leaf):
            return self._substituted(node, decision.achievement)
        return self._each_leaf(node, _leaf_change(decision, decision.achievement))

    def _with_min(self, node: Node, least: float | None) -> Node:
        if least is None:
            return node
        amount = max(0.0, least)
        if isinstance(node, Group) and node.is_choice:
            return replace(node, least=min(round(amount), len(node.children)))
        changes: dict[type[Node], dict[str, Any]] = {
            CountLeaf: {"least": round(amount)},
            SumLeaf: {"least": grains(amount)},
            AverageLeaf: {"least": least},
            LastLeaf: {"credits": grains(amount)},
        }
        return self._kept(replace(node, **changes[type(node)])) if isinstance(node, Leaf) else node

    def _substituted(self, node: Node, achievement: str) -> Node:
        """The rule, or the one award that stands for it."""
        number = len(self.leaves)
        leaf = CountLeaf(
            kind="award",
            path=node.path,
            name=node.name,
            weight=1.0,
            leaves=(number,),
            number=number,
            claim="exclusive",
            selector=of_ids((achievement,)),
            filter=None,
            least=1,
            most=None,
            distinct="achievement",
        )
        self.leaves.append(leaf)
        return Group(
            kind="any",
            path=node.path,
            name=node.name,
            weight=node.weight,
            leaves=(*node.leaves, number),
            children=(node, leaf),
            least=1,
        )

    def _each_leaf(self, node: Node, change: Callable[[Leaf], Leaf]) -> Node:
        if isinstance(node, Leaf):
            return self._kept(change(node))
        return self._with_children(node, lambda child: self._each_leaf(child, change))

    def _with_children(self, node: Node, change: Callable[[Node], Node]) -> Node:
        if isinstance(node, Group):
            children = tuple(map(change, node.children))
            return replace(node, children=children, leaves=tuple(n for child in children for n in child.leaves))
        if isinstance(node, GoalNode):
            then = change(node.then)
            other = None if node.otherwise is None else change(node.otherwise)
            leaves = then.leaves + (() if other is None else other.leaves)
            return replace(node, then=then, otherwise=other, leaves=leaves)
        return node

    def _kept(self, leaf: Leaf) -> Leaf:
        self.leaves[leaf.number] = leaf
        return leaf


def _leaf_change(decision: Excepted, achievement: str) -> Callable[[Leaf], Leaf]:
    """What a decision about an achievement makes of each leaf of its rule."""
    name = frozenset({achievement})
    if decision.type == "block":
        return lambda leaf: replace(leaf, blocked=leaf.blocked | name)
    if decision.type == "also_allow":
        return lambda leaf: replace(leaf, admitted=leaf.admitted | name)
    return lambda leaf: replace(
        leaf, admitted=leaf.admitted | name, excused=leaf.excused | name, blocked=leaf.blocked - name
    )
