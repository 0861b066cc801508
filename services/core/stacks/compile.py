"""From a catalog document to what can be evaluated: stacks compiled, and the index achievement -> stacks.

Compiling gathers every fault of the whole document before it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.catalog import Catalog, Renewal, Stack
from schemas.rules import Rule
from services.core.mappings import mappings_of
from services.core.stacks.check import check
from services.core.stacks.compile_rules import Inherited, RuleCompiler
from services.core.stacks.compiled import CompiledCatalog, CompiledEquivalence, CompiledRenewal, CompiledStack
from services.core.stacks.durations import FIRST, span
from services.core.stacks.faults import CatalogFaults, Place
from services.core.stacks.feasible import check_feasible
from services.core.stacks.grades import Scales, scales
from services.core.stacks.index import index_of
from services.core.stacks.rules import (
    Filter,
    GoalNode,
    Group,
    Leaf,
    NestedNode,
    Node,
    can_fall,
    walk,
)
from services.core.stacks.select import compiled

__all__ = ["EMPTY", "CompiledCatalog", "CompiledStack", "compile_catalog", "compiled_stack"]


def compile_catalog(document: Catalog, *, is_joined: bool = False) -> CompiledCatalog:
    """The catalog, ready to be evaluated. `is_joined` says that it is several, each checked on its own.

    Raises: CatalogFaults with everything that is wrong with it.
    """
    root = Place()
    check(document, root, is_joined=is_joined)
    made = scales(document.scales)
    families = _families(document, root, made)
    if not is_joined:
        check_feasible(document, root, made)
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
        mappings=mappings_of(document.mappings),
        families=families,
        variants=_variants(families, made),
        index=index_of(document, families, equivalences),
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


def _compiled_rule(stack: Stack, rule: Rule, at: Place, made: Scales, inherited: Inherited) -> CompiledStack:
    compiler = RuleCompiler(stack, made)
    root = compiler.node(rule, at, (), inherited)
    nodes = list(walk(root))
    is_timed = any(leaf.filter is not None and leaf.filter.is_timed for leaf in compiler.leaves)
    has_order = any(node.kind == "seq" for node in nodes)
    has_watches = has_order or any(leaf.from_claimed or leaf.overlap_with for leaf in compiler.leaves)
    can_fall_by_more = any(map(can_fall, compiler.leaves)) or any(map(_is_capped, nodes))
    nested = tuple(node for node in nodes if isinstance(node, NestedNode))
    return CompiledStack(
        document=stack,
        root=root,
        leaves=tuple(compiler.leaves),
        nested=nested,
        goals=frozenset(node.goal for node in nodes if isinstance(node, GoalNode)),
        named={node.name: node for node in reversed(nodes) if node.name is not None},
        is_timed=is_timed,
        can_lapse=is_timed or can_fall_by_more,
        only_expires=not (can_fall_by_more or has_watches or nested or any(map(_is_within, compiler.leaves))),
        timeless=tuple(map(_timeless, compiler.leaves)) if is_timed else (),
        has_order=has_order,
        has_watches=has_watches,
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


def _is_capped(node: Node) -> bool:
    """Whether a choice that only looks may have too many of its options met."""
    return isinstance(node, Group) and node.observes and node.most is not None


def _is_within(leaf: Leaf) -> bool:
    """Whether a leaf counts only what was earned lately."""
    return leaf.filter is not None and leaf.filter.within is not None


def _timeless(leaf: Leaf) -> Leaf:
    if leaf.filter is None:
        return leaf
    asked = replace(leaf.filter, active=False, within=None)
    return replace(leaf, filter=None if asked.lets_all_pass else asked)


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


EMPTY = compile_catalog(Catalog())
"""The catalog before any is applied: it touches nothing."""
