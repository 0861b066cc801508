"""From a catalog document to what can be evaluated: stacks compiled, and the index achievement -> stacks.

Compiling gathers every fault of the whole document before it refuses; a compiled catalog never changes, apart from a
memo of which stacks an achievement touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from schemas.catalog import Catalog, Equivalence, Offered, Renewal, Stack
from services.core.facts import Held
from services.core.stacks.check import check
from services.core.stacks.compile_rules import Inherited, RuleCompiler
from services.core.stacks.copies import Copy, copy_of, counterpart
from services.core.stacks.durations import FIRST, Span, span
from services.core.stacks.faults import CatalogFaults, Place
from services.core.stacks.grades import Scales, scales
from services.core.stacks.rules import (
    AverageLeaf,
    CountLeaf,
    Filter,
    GoalNode,
    LastLeaf,
    Leaf,
    NestedNode,
    Node,
    SumLeaf,
    children_of,
)
from services.core.stacks.select import Selector, both, compiled

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
    timeless: tuple[Leaf, ...]
    """The leaves as they would be if time did not matter; empty unless `is_timed`."""
    scales: Scales
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
    families: Mapping[str, tuple[CompiledStack, ...]]
    """Stack id -> its versions, oldest first."""
    variants: Mapping[tuple[NestedNode, str], CompiledStack]
    """(nested rule with modifiers, version) -> the stack as seen through them."""
    awarded_by: Mapping[str, tuple[str, ...]]
    """Achievement -> the stacks that award it."""
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
        return copy_of(Held("", "award", achievement, "", "", FIRST), self.achievements.get(achievement))

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
    memo: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)

    def stacks_of(self, held: Held, offered: Offered | None) -> frozenset[str]:
        """The ids of the stacks that an award may concern."""
        key = (held.achievement, held.issuer, held.type, held.level, held.tags, held.skills, held.subject, held.source)
        known = self.memo.get(key)
        if known is None:
            known = self._found(copy_of(held, offered))
            if len(self.memo) >= _MEMO_LIMIT:
                self.memo.clear()
            self.memo[key] = known
        return known

    def _found(self, copy: Copy) -> frozenset[str]:
        direct = self._direct(copy)
        for equivalence in self.equivalences:
            if equivalence.selector.may(copy):
                for target in equivalence.document.to:
                    direct |= self._direct(counterpart(copy, target, self.achievements.get(target.achievement)))
        return frozenset(stack_id for one in direct for stack_id in self.above[one])

    def _direct(self, copy: Copy) -> set[str]:
        found = set(self.by_id.get(copy.achievement, ()))
        found.update(stack_id for stack_id, selector in self.by_fields if selector.may(copy))
        return found


def compile_catalog(document: Catalog, *, is_joined: bool = False) -> CompiledCatalog:
    """The catalog, ready to be evaluated. `is_joined` says that it is several, each checked on its own.

    Raises: CatalogFaults with everything that is wrong with it.
    """
    root = Place()
    check(document, root, is_joined=is_joined)
    made = scales(document.scales)
    families = _families(document, root, made)
    equivalences = tuple(
        CompiledEquivalence(one, compiled(one.from_, place / "from", made))
        for one, place in zip(document.equivalences, root.each("equivalences", document.equivalences), strict=True)
    )
    if root.found:
        raise CatalogFaults(dict.fromkeys(root.found))
    return CompiledCatalog(
        document=document,
        achievements={one.id: one for one in document.achievements},
        scales=made,
        rates={(one.from_, one.to): one.rate for one in document.conversions},
        equivalences=equivalences,
        families=families,
        variants=_variants(families, made),
        awarded_by=_awarded_by(document),
        index=_index(document, families, equivalences),
    )


def _families(document: Catalog, root: Place, made: Scales) -> dict[str, tuple[CompiledStack, ...]]:
    grouped: dict[str, list[CompiledStack]] = {}
    for stack, place in zip(document.stacks, root.each("stacks", document.stacks), strict=True):
        grouped.setdefault(stack.id, []).append(compiled_stack(stack, place, made))
    return {stack_id: tuple(sorted(versions, key=_in_force_since)) for stack_id, versions in grouped.items()}


def _in_force_since(stack: CompiledStack) -> tuple[object, ...]:
    effective = stack.document.effective
    return (FIRST if effective is None or effective.from_ is None else effective.from_, stack.version)


def compiled_stack(stack: Stack, at: Place, made: Scales, outer: Filter | None = None) -> CompiledStack:
    """One stack compiled; faults go to `at`. `outer` holds for its rules where they say nothing else."""
    own = None if stack.where is None else compiled(stack.where, at / "where", made)
    base = outer or Filter()
    inherited = Inherited(filter=Filter(base.active, base.within, base.min_grade, base.min_score, base.trust, own))
    plain = _compiled_rule(stack, stack.requires, at / "requires", made, inherited)
    if stack.renewal is None:
        return plain
    return _with_renewal(plain, stack.renewal, at / "renewal", made, Inherited(filter=Filter(where=own)))


def _compiled_rule(stack: Stack, rule: object, at: Place, made: Scales, inherited: Inherited) -> CompiledStack:
    compiler = RuleCompiler(stack, made)
    root = compiler.node(rule, at, (), inherited)  # type: ignore[arg-type]
    nodes = list(_walk(root))
    is_timed = any(leaf.filter is not None and leaf.filter.is_timed for leaf in compiler.leaves)
    return CompiledStack(
        document=stack,
        root=root,
        leaves=tuple(compiler.leaves),
        nested=tuple(node for node in nodes if isinstance(node, NestedNode)),
        goals=frozenset(node.goal for node in nodes if isinstance(node, GoalNode)),
        named={node.name: node for node in reversed(nodes) if node.name is not None},
        is_timed=is_timed,
        can_lapse=is_timed or any(map(_can_fall, compiler.leaves)),
        timeless=tuple(map(_timeless, compiler.leaves)) if is_timed else (),
        scales=made,
    )


def _with_renewal(plain: CompiledStack, renewal: Renewal, at: Place, made: Scales, base: Inherited) -> CompiledStack:
    rule = renewal.requires
    requires = None if rule is None else _compiled_rule(plain.document, rule, at / "requires", made, base)
    made_renewal = CompiledRenewal(
        document=renewal,
        period=span(renewal.period),
        window=None if renewal.window is None else span(renewal.window),
        extends=span(renewal.extends or renewal.period),
        requires=requires,
    )
    return replace(plain, renewal=made_renewal)


def _can_fall(leaf: Leaf) -> bool:
    """Whether more evidence can un-meet a leaf."""
    if isinstance(leaf, AverageLeaf | LastLeaf):
        return True
    return isinstance(leaf, CountLeaf) and leaf.claim == "observe" and leaf.most is not None


def _timeless(leaf: Leaf) -> Leaf:
    if leaf.filter is None:
        return leaf
    asked = replace(leaf.filter, active=False, within=None)
    return replace(leaf, filter=None if asked.lets_all_pass else asked)


def _walk(node: Node) -> Iterable[Node]:
    yield node
    for child in children_of(node):
        yield from _walk(child)


def _variants(
    families: Mapping[str, tuple[CompiledStack, ...]], made: Scales
) -> dict[tuple[NestedNode, str], CompiledStack]:
    """Every nested stack that is looked at through modifiers, and those nested in it in turn."""
    variants: dict[tuple[NestedNode, str], CompiledStack] = {}
    waiting = [node for family in families.values() for stack in family for node in stack.nested]
    while waiting:
        node = waiting.pop()
        if node.filter is None:
            continue
        for version in families[node.stack_id]:
            variant = compiled_stack(version.document, Place(), made, node.filter)
            variants[node, version.version] = variant
            waiting.extend(variant.nested)
    return variants


def _awarded_by(document: Catalog) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for stack in document.stacks:
        if stack.awards is not None:
            found.setdefault(stack.awards, {})[stack.id] = None
    return {achievement: tuple(ids) for achievement, ids in found.items()}


def selectors_of(stack: CompiledStack) -> Iterable[tuple[Selector, Selector | None]]:
    """Every selector of a stack, with the `where` that narrows it."""
    parts = [stack] if stack.renewal is None or stack.renewal.requires is None else [stack, stack.renewal.requires]
    for part in parts:
        for leaf in part.leaves:
            where = None if leaf.filter is None else leaf.filter.where
            yield leaf.selector, where
            if isinstance(leaf, SumLeaf):
                yield from ((cap.selector, where) for cap in leaf.caps)


def _index(
    document: Catalog, families: Mapping[str, tuple[CompiledStack, ...]], equivalences: tuple[CompiledEquivalence, ...]
) -> TouchIndex:
    by_id: dict[str, set[str]] = {}
    by_fields: list[tuple[str, Selector]] = []
    for stack_id, family in families.items():
        for selector, where in (pair for stack in family for pair in selectors_of(stack)):
            if selector.ids is not None:
                for achievement in selector.ids:
                    by_id.setdefault(achievement, set()).add(stack_id)
            else:
                by_fields.append((stack_id, both(selector, where) or selector))
    for stack in document.stacks:
        if stack.awards is not None:
            by_id.setdefault(stack.awards, set()).add(stack.id)
    frozen = {achievement: frozenset(ids) for achievement, ids in by_id.items()}
    achievements = {one.id: one for one in document.achievements}
    above = _above(document, families, frozen, tuple(by_fields), achievements)
    return TouchIndex(frozen, tuple(by_fields), equivalences, achievements, above)


def _above(
    document: Catalog,
    families: Mapping[str, tuple[CompiledStack, ...]],
    by_id: Mapping[str, frozenset[str]],
    by_fields: tuple[tuple[str, Selector], ...],
    achievements: Mapping[str, Offered],
) -> dict[str, frozenset[str]]:
    """Stack -> itself and all that depend on it, by nesting it or by counting what it awards."""
    users: dict[str, set[str]] = {stack_id: set() for stack_id in families}
    for stack_id, family in families.items():
        for node in (node for stack in family for node in stack.nested):
            users[node.stack_id].add(stack_id)
    for stack in document.stacks:
        if stack.awards is not None:
            awarded = copy_of(Held("", "award", stack.awards, "", "", FIRST), achievements.get(stack.awards))
            users[stack.id] |= by_id.get(stack.awards, frozenset())
            users[stack.id] |= {user for user, selector in by_fields if selector.may(awarded)}
    return {stack_id: frozenset(_reachable(stack_id, users)) for stack_id in families}


def _reachable(start: str, users: Mapping[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = users[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


EMPTY = compile_catalog(Catalog())
"""The catalog before any is applied: it touches nothing."""
