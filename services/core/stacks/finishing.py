"""The fewest awards that would complete a stack, and one choice of them, where the outcomes tell that for certain.

Each award is of an achievement that no stack awards, earned now, with the best result, trusted. Where no award can
serve two of the rules that are wanting, each asks for so many, a choice for as many as its nearest ways, a nested stack
for as many as its own rules. Where one may (overlaps, equivalences, what a stack awards), or rules can fall, or a
registrar or a renewal has a say, that would be a search, and there is no answer here: judging candidates finds it
(`services.core.guidance`). Laws: tests/property/core/test_finishing_laws.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from services.core.stacks.allocate.units import Units
from services.core.stacks.compiled import CompiledCatalog, CompiledStack
from services.core.stacks.copies import copy_of
from services.core.stacks.hypothetical import hypothetical
from services.core.stacks.measure import is_plain_sum
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import GRAIN, CountLeaf, Group, Leaf, SumLeaf


class Way(NamedTuple):
    """A choice of achievements whose awards would do; where one is enough, `instead` are all that would.

    `is_least` says that nothing that is not known of could do with fewer.
    """

    names: tuple[str, ...]
    instead: tuple[str, ...] = ()
    is_least: bool = True


NOTHING = Way(())


def way_to_finish(evaluation: Evaluation) -> Way | None:
    """The fewest achievements that would complete a stack; None where that is not certain."""
    if evaluation.complete:
        return NOTHING
    way = _of_stack(evaluation, _apart(evaluation))
    return way if way is not None and (way.is_least or len(way.names) == 1) else None


def _of_stack(evaluation: Evaluation, apart: frozenset[Leaf]) -> Way | None:
    if evaluation.complete:
        return NOTHING
    if evaluation.root.is_met or _is_told_otherwise(evaluation):
        return None
    return _of(evaluation.root, evaluation, apart)


def _is_told_otherwise(evaluation: Evaluation) -> bool:
    """Whether more than the rules of this version has a say."""
    stack, family = evaluation.stack, evaluation.ledger.catalog.families.get(evaluation.stack.id, ())
    has_versions = len(family) > 1 and stack.document.catalog_rule == "best_of"
    has_lapsed = stack.renewal is not None and evaluation.status == "lapsed"
    return bool(evaluation.exceptions) or has_lapsed or has_versions


def _of(outcome: Outcome, evaluation: Evaluation, apart: frozenset[Leaf]) -> Way | None:
    node = outcome.node
    if outcome.is_met:
        return NOTHING
    if outcome.nested is not None:
        return _of_stack(outcome.nested, apart)
    if isinstance(node, Group):
        return _of_group(node, outcome, evaluation, apart)
    if outcome.children:
        return _of(outcome.children[0], evaluation, apart)
    if isinstance(node, Leaf) and node in apart:
        return _of_leaf(node, outcome, evaluation)
    return None


def _of_group(group: Group, outcome: Outcome, evaluation: Evaluation, apart: frozenset[Leaf]) -> Way | None:
    if group.most is not None or (group.kind == "seq" and not _is_still_in_order(outcome.children)):
        return None
    return _nearest([_of(child, evaluation, apart) for child in outcome.children], group.least)


def _nearest(ways: Sequence[Way | None], least: int) -> Way | None:
    """So many of the ways, those that take fewest; unsure where one that is not known might take fewer."""
    known = sorted((way for way in ways if way is not None), key=lambda way: len(way.names))
    if len(known) < least:
        return None
    names = tuple(name for way in known[:least] for name in way.names)
    instead = (name for way in known if len(way.names) == 1 for name in way.instead) if len(names) == 1 else ()
    return Way(names, tuple(instead), all(way is not None and way.is_least for way in ways))


def _is_still_in_order(children: Sequence[Outcome]) -> bool:
    """Whether nothing counts yet for what comes after the first that is not met."""
    first = next(place for place, child in enumerate(children) if not child.is_met)
    return not any(_has_something(child) for child in children[first + 1 :])


def _has_something(outcome: Outcome) -> bool:
    return outcome.is_met or outcome.fraction > 0 or bool(outcome.eligible) or outcome.is_out_of_order


def _of_leaf(leaf: Leaf, outcome: Outcome, evaluation: Evaluation) -> Way | None:
    if outcome.is_out_of_order or not leaf.is_plain or leaf.from_claimed is not None or leaf.overlap_with:
        return None
    if isinstance(leaf, CountLeaf) and leaf.distinct == "achievement" and leaf.most is None:
        wanted = leaf.least - outcome.eligible.bit_count()
        names = [name for name in _counting(leaf, evaluation) if not _is_had(name, outcome, evaluation)]
        instead = tuple(names) if wanted == 1 else ()
        return Way(tuple(names[:wanted]), instead) if len(names) >= wanted else None
    if isinstance(leaf, SumLeaf) and is_plain_sum(leaf) and not leaf.each:
        return _of_sum(leaf, outcome, evaluation)
    return None


def _of_sum(leaf: SumLeaf, outcome: Outcome, evaluation: Evaluation) -> Way | None:
    """The achievements that are worth most, as many as are wanted; what is had, too, where it would be worth more."""
    ledger = evaluation.ledger
    more = {
        name: ledger.grains(ledger.catalog.offered(name), leaf.unit) - _worth(leaf, name, outcome.eligible, evaluation)
        for name in _counting(leaf, evaluation)
    }
    wanted = round((outcome.need - outcome.have) * GRAIN)
    ranked = sorted(more, key=lambda name: -more[name])
    reached = list(accumulate(more[name] for name in ranked))
    fewest = next((number for number, total in enumerate(reached, start=1) if total >= wanted), None)
    if fewest is None:
        return None
    return Way(tuple(ranked[:fewest]), tuple(name for name in ranked if more[name] >= wanted))


def _worth(leaf: SumLeaf, name: str, eligible: Units, evaluation: Evaluation) -> int:
    ledger = evaluation.ledger
    unit = ledger.units.get(name)
    if unit is None or not eligible >> unit & 1:
        return 0
    return max(ledger.grains(copy, leaf.unit) for copy in ledger.counting(unit, leaf))


def _counting(leaf: Leaf, evaluation: Evaluation) -> Sequence[str]:
    """The achievements whose awards, earned now with the best result, would count for a leaf."""
    base = evaluation.ledger
    catalog, names = base.catalog, base.catalog.options(leaf.selector)
    if leaf.filter is None and leaf.selector.ids is not None:
        return names
    best = [copy_of(hypothetical(name, base.as_of, catalog), catalog.achievements.get(name)) for name in names]
    return [copy.achievement for copy in best if leaf.selector.test(copy) and base.counts(copy, leaf)]


def _is_had(name: str, outcome: Outcome, evaluation: Evaluation) -> bool:
    unit = evaluation.ledger.units.get(name)
    return unit is not None and bool(outcome.eligible >> unit & 1)


def _apart(evaluation: Evaluation) -> frozenset[Leaf]:
    """The leaves of a stack and of those in it that share no achievement with another; found once."""
    catalog = evaluation.ledger.catalog
    stacks = tuple(_judged(evaluation))
    known = catalog.index.apart.get(stacks)
    if known is None:
        known = catalog.index.apart[stacks] = _found_apart(stacks, catalog)
    return known


def _judged(evaluation: Evaluation) -> Iterator[CompiledStack]:
    yield evaluation.stack
    if evaluation.stack.nested:
        for nested in _nested(evaluation.root):
            yield from _judged(nested)


def _nested(outcome: Outcome) -> Iterator[Evaluation]:
    if outcome.nested is not None:
        yield outcome.nested
    for child in outcome.children:
        yield from _nested(child)


def _found_apart(stacks: Sequence[CompiledStack], catalog: CompiledCatalog) -> frozenset[Leaf]:
    leaves = [leaf for stack in stacks for leaf in stack.leaves]
    asked = Counter(name for leaf in leaves for name in catalog.options(leaf.selector))
    told = {target.achievement for one in catalog.equivalences for target in one.document.to}
    told |= {one.document.awards for family in catalog.families.values() for one in family if one.document.awards}
    return frozenset(
        leaf for leaf in leaves if all(asked[name] == 1 and name not in told for name in catalog.options(leaf.selector))
    )
