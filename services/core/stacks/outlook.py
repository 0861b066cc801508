"""When a stack may have been met: a look at each rule by itself, to spare judging where the answer can only be no.

A rule that looks at awards may be met at an instant when those that counted then would fill it if no other rule took
any. Whatever that cannot tell (averages, caps that only look, what other stacks award or renew) may be met at any
time. So a "no" is certain and a "maybe" is for `judge` to decide. Instants are asked about in order: each award is
looked at twice, when it begins to count and when it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.compiled import CompiledStack
from services.core.stacks.copies import Copy
from services.core.stacks.durations import LAST, TICK
from services.core.stacks.ledger import Ledger
from services.core.stacks.measure import Measures
from services.core.stacks.rules import Filter, GoalNode, Group, Leaf, NestedNode, Node, can_fall, children_of

Counting = tuple[datetime, int, int]
"""An instant, a unit, and 1 when a copy of it begins to count then or -1 when one ends."""


class _Line:
    """What counts for one leaf as time goes by."""

    __slots__ = ("changes", "copies", "is_met", "leaf", "measures", "place", "units")

    def __init__(self, leaf: Leaf, timeless: Leaf, measures: Measures) -> None:
        self.leaf = timeless
        self.measures = measures
        self.changes = sorted(_changes(leaf.filter, timeless, measures))
        self.copies = dict.fromkeys((unit for _, unit, _ in self.changes), 0)
        self.place = 0
        self.units: Units = 0
        self.is_met = measures.measured(timeless, 0).is_met

    def may_be_met(self, moment: datetime) -> bool:
        """Whether what counts then would do; moments must not go back."""
        before = self.units
        while self.place < len(self.changes) and self.changes[self.place][0] <= moment:
            _, unit, step = self.changes[self.place]
            self.copies[unit] += step
            self.units = self.units | 1 << unit if self.copies[unit] else self.units & ~(1 << unit)
            self.place += 1
        if self.units != before:
            self.is_met = self.measures.measured(self.leaf, self.units).is_met
        return self.is_met


class Outlook:
    """Whether a stack, by any of some versions of it, may be complete at instants that are asked about in order.

    `whole` is the ledger of all that has counted up to now. Every instant at which something began must be asked about.
    """

    def __init__(self, versions: Iterable[CompiledStack], whole: Ledger) -> None:
        self.versions = [_Version(one, whole) for one in versions]
        self.lasts = any(one.document.status == "earned_once" or one.renewal is not None for one in versions)
        self.has_been = False

    def may_be_met(self, moment: datetime) -> bool:
        """Whether its rules may be met then; never wrongly no."""
        found = [one.may_be_met(one.root, moment) for one in self.versions]
        return any(found)

    def may_be_complete(self, moment: datetime) -> bool:
        """The same, or were before, where that is enough."""
        self.has_been = self.may_be_met(moment) or (self.lasts and self.has_been)
        return self.has_been


class _Version:
    """One version of a stack."""

    __slots__ = ("lines", "nested", "root")

    def __init__(self, stack: CompiledStack, whole: Ledger) -> None:
        self.root = stack.root
        given = list(_given(stack.id, whole))
        measures = Measures(whole)
        self.lines = {
            leaf: _Line(leaf, stack.timeless[leaf.number] if stack.timeless else leaf, measures)
            for leaf in stack.leaves
            if not (can_fall(leaf) or leaf.overlap_with or any(map(leaf.selector.may, given)))
        }
        told = [node for node in stack.nested if is_told_by_rules(node.stack_id, whole)]
        self.nested = {node: Outlook(_versions(node, whole), whole) for node in told}

    def may_be_met(self, node: Node, moment: datetime) -> bool:
        """Every rule is asked about every moment, as those that last have to know."""
        if isinstance(node, Leaf):
            line = self.lines.get(node)
            return line is None or line.may_be_met(moment)
        if isinstance(node, Group):
            return sum([self.may_be_met(child, moment) for child in node.children]) >= node.least
        if isinstance(node, GoalNode):
            ways = [self.may_be_met(way, moment) for way in children_of(node)]
            return node.otherwise is None or any(ways)
        nested = self.nested.get(node) if isinstance(node, NestedNode) else None
        return nested is None or nested.may_be_complete(moment)


def _versions(node: NestedNode, whole: Ledger) -> list[CompiledStack]:
    """The versions of a nested stack that may hold, as they are seen from there."""
    catalog = whole.catalog
    family = catalog.families[node.stack_id]
    pinned = [one for one in family if node.version in {None, one.version}]
    return [catalog.variants.get((node, one.version), one) for one in pinned]


def is_told_by_rules(stack_id: str, whole: Ledger) -> bool:
    """Whether nothing but its rules tells of a stack: no registrar, and no award of what it awards."""
    awards = {one.document.awards for one in whole.catalog.families.get(stack_id, ())}
    return awards.isdisjoint(whole.units) and all(one.stack_id != stack_id for one in whole.facts.exceptions)


def _given(stack_id: str, whole: Ledger) -> Iterator[Copy]:
    """What other stacks award, or renew, that may count in this one."""
    catalog = whole.catalog
    for feeding in catalog.index.feeds.get(stack_id, ()):
        awards = catalog.stack(feeding).document.awards
        if awards is not None:
            yield catalog.offered(awards)
    for renewing in catalog.index.cascades.get(stack_id, ()):
        renewal = catalog.stack(renewing).document.renewal
        yield from map(catalog.offered, () if renewal is None else renewal.cascades_to)


def _changes(asked: Filter | None, timeless: Leaf, measures: Measures) -> Iterable[Counting]:
    for unit in bits(measures.eligible(timeless)):
        for copy in measures.counting(unit, timeless):
            begins, ends = max(copy.earned_at, copy.valid_from), _ends(asked, copy)
            if ends is None:
                yield begins, unit, 1
            elif ends > begins:
                yield begins, unit, 1
                yield ends, unit, -1


def _ends(asked: Filter | None, copy: Copy) -> datetime | None:
    """When a copy stops counting for a leaf, or None."""
    ends = copy.valid_until if asked is not None and asked.active else None
    if asked is None or asked.within is None:
        return ends
    too_old = min(asked.within.after(copy.earned_at), LAST - TICK) + TICK
    return too_old if ends is None else min(ends, too_old)
