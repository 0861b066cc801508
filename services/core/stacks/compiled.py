"""What a catalog compiles to: stacks ready to be judged, and which of them an achievement touches.

Compiled values never change, apart from memos of what is looked up by fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.catalog import Catalog, Equivalence, Offered, Renewal, Stack
from schemas.progress import MissingPart
from services.core.facts import Held
from services.core.mappings import Mappings
from services.core.stacks.copies import Copy, copy_of, counterpart, offered_copy
from services.core.stacks.durations import Span
from services.core.stacks.grades import Scales
from services.core.stacks.rules import Leaf, NestedNode, Node, SumLeaf
from services.core.stacks.select import Selector

_MEMO_LIMIT = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRenewal:
    """A stack's renewal: its spans, and its rule compiled as a stack of its own (None: time alone renews nothing)."""

    document: Renewal
    period: Span
    window: Span | None
    extends: Span
    requires: CompiledStack | None


@dataclass(frozen=True, slots=True, eq=False)
class CompiledStack:
    """One version of a stack: its tree, the leaves in document order, and what is nested in it."""

    document: Stack
    root: Node
    leaves: tuple[Leaf, ...]
    nested: tuple[NestedNode, ...]
    goals: frozenset[str]
    named: Mapping[str, Node]
    is_timed: bool
    can_lapse: bool
    """Whether it can be complete and later not, by time or by more evidence."""
    only_expires: bool
    """Whether it can be complete and later not by nothing but the end of an award's validity."""
    timeless: tuple[Leaf, ...]
    """The leaves as they would be if time did not matter; empty unless `is_timed`."""
    scales: Scales
    has_order: bool = False
    """Whether it has a sequence."""
    has_watches: bool = False
    """Whether a rule of it depends on what others claim."""
    renewal: CompiledRenewal | None = None

    @property
    def id(self) -> str:
        """The stack's id."""
        return self.document.id

    @property
    def version(self) -> str:
        """The version's name."""
        return self.document.version


@dataclass(frozen=True, slots=True, eq=False)
class CompiledEquivalence:
    """An equivalence with its selector compiled."""

    document: Equivalence
    selector: Selector


@dataclass(frozen=True, slots=True, eq=False)
class CompiledCatalog:
    """Everything that evaluation needs of a catalog."""

    document: Catalog
    achievements: Mapping[str, Offered]
    scales: Scales
    rates: Mapping[tuple[str, str], float]
    equivalences: tuple[CompiledEquivalence, ...]
    mappings: Mappings
    families: Mapping[str, tuple[CompiledStack, ...]]
    """Stack id -> its versions, oldest first."""
    variants: Mapping[tuple[NestedNode, str], CompiledStack]
    """(nested rule with modifiers, version) -> the stack as seen through them."""
    index: TouchIndex

    def stack(self, stack_id: str, version: str | None = None) -> CompiledStack:
        """A stack's version; the newest unless one is named.

        Raises: KeyError when there is none.
        """
        family = self.families[stack_id]
        return family[-1] if version is None else next(one for one in family if one.version == version)

    @property
    def stacks(self) -> tuple[CompiledStack, ...]:
        """The newest version of every stack, by id."""
        return tuple(self.families[stack_id][-1] for stack_id in sorted(self.families))

    def offered(self, achievement: str) -> Copy:
        """An achievement as an award of it would look that carries nothing of its own."""
        return offered_copy(achievement, self.achievements)

    def options(self, selector: Selector) -> tuple[str, ...]:
        """The achievements that a selector may match: the ids that it names, else those of the catalog."""
        if selector.ids is not None:
            return selector.ids
        known = self.index.options.get(selector)
        if known is None:
            known = tuple(name for name in self.achievements if selector.may(self.offered(name)))
            self.index.options[selector] = known
        return known

    def touched(self, awards: Iterable[Held]) -> tuple[CompiledStack, ...]:
        """The stacks that any of the awards may concern, whatever their dates, grades and trust; by id."""
        ids: set[str] = set()
        for held in awards:
            ids |= self.index.stacks_of(held, self.achievements.get(held.achievement))
        return tuple(self.families[stack_id][-1] for stack_id in sorted(ids))


@dataclass(frozen=True, slots=True, eq=False)
class TouchIndex:
    """Which stacks an achievement can touch: by id at once, by other fields once per achievement as it is described."""

    by_id: Mapping[str, frozenset[str]]
    by_fields: tuple[tuple[str, Selector], ...]
    equivalences: tuple[CompiledEquivalence, ...]
    achievements: Mapping[str, Offered]
    above: Mapping[str, frozenset[str]]
    """Stack -> itself and every stack that depends on it."""
    feeds: Mapping[str, tuple[str, ...]]
    """Stack -> the stacks whose achievement may count in it."""
    cascades: Mapping[str, tuple[str, ...]]
    """Stack -> the stacks that renew it, or an achievement that may count in it."""
    options: dict[Selector, tuple[str, ...]] = field(default_factory=dict)
    blanks: dict[Node, MissingPart] = field(default_factory=dict)
    """What is missing of a rule that a worker has nothing for: the same for every worker."""
    apart: dict[tuple[CompiledStack, ...], frozenset[Leaf]] = field(default_factory=dict)
    """Stacks judged together -> the leaves that `services.core.stacks.finishing` found to share no achievement."""
    plains: dict[str, Any] = field(default_factory=dict)
    """Stack -> what `services.core.stacks.plain` knows of it."""
    is_by_id: bool = False
    """Whether nothing but its id decides what an achievement touches."""
    memo: dict[object, frozenset[str]] = field(default_factory=dict)

    def stacks_of(self, held: Held, offered: Offered | None) -> frozenset[str]:
        """The ids of the stacks that an award may concern."""
        key = held.achievement if self.is_by_id else _described(held)
        known = self.memo.get(key)
        if known is None:
            known = self._found(copy_of(held, offered))
            if len(self.memo) >= _MEMO_LIMIT:
                self.memo.clear()
            self.memo[key] = known
        return known

    def directly(self, copy: Copy) -> set[str]:
        """The stacks that an award may concern by being selected, as what it is or as what it is equivalent to."""
        found = self._selecting(copy)
        for equivalence in self.equivalences:
            if equivalence.selector.may(copy):
                for target in equivalence.document.to:
                    found |= self._selecting(counterpart(copy, target, self.achievements.get(target.achievement)))
        return found

    def _found(self, copy: Copy) -> frozenset[str]:
        return frozenset(stack_id for one in self.directly(copy) for stack_id in self.above[one])

    def _selecting(self, copy: Copy) -> set[str]:
        found = set(self.by_id.get(copy.achievement, ()))
        found.update(stack_id for stack_id, selector in self.by_fields if selector.may(copy))
        return found


def _described(held: Held) -> tuple[object, ...]:
    """All that selectors ask of an award's achievement."""
    return (held.achievement, held.issuer, held.type, held.level, held.tags, held.skills, held.subject, held.source)


def selectors_of(stack: CompiledStack) -> Iterable[tuple[Selector, Selector | None]]:
    """Every selector of a stack, with the `where` that narrows it."""
    parts = [stack] if stack.renewal is None or stack.renewal.requires is None else [stack, stack.renewal.requires]
    for part in parts:
        for leaf in part.leaves:
            where = None if leaf.filter is None else leaf.filter.where
            yield leaf.selector, where
            if isinstance(leaf, SumLeaf):
                yield from ((cap.selector, where) for cap in leaf.caps)
