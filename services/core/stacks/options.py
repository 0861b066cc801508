"""Which achievements would help an unmet rule, and in which order to take them."""

from __future__ import annotations

from collections.abc import Iterator

from services.core.stacks.allocate.units import Units
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import AverageLeaf, Group, LastLeaf, Leaf, SumLeaf

MOST = 20
"""How many options are named."""


def helping(outcome: Outcome, evaluation: Evaluation) -> tuple[str, ...]:
    """Achievements that would bring the rule on, nearest first; none that it has."""
    return tuple(dict.fromkeys(_helping(outcome, evaluation)))[:MOST]


def ranked_steps(evaluation: Evaluation) -> tuple[str, ...]:
    """What to take next: first what brings the whole on most, then in the order of the rules."""
    gains: dict[str, float] = {}
    _gather(evaluation.root, evaluation, 1.0, gains)
    return tuple(sorted(gains, key=lambda achievement: -round(gains[achievement], 9)))[:MOST]


def _gather(outcome: Outcome, evaluation: Evaluation, weight: float, gains: dict[str, float]) -> None:
    if outcome.is_met:
        return
    node = outcome.node
    if isinstance(node, Group) and node.kind in {"all", "seq"}:
        total = sum(child.node.weight for child in outcome.children)
        for child in outcome.children:
            _gather(child, evaluation, weight * child.node.weight / total, gains)
            if node.kind == "seq" and not child.is_met:
                return
    elif isinstance(node, Group):
        for child in _nearest(outcome):
            _gather(child, evaluation, weight / node.least, gains)
    elif outcome.children:
        _gather(outcome.children[0], evaluation, weight, gains)
    elif outcome.nested is not None:
        _gather(outcome.nested.root, outcome.nested, weight, gains)
    else:
        for achievement in _of_leaf(outcome, evaluation):
            step = weight * _share(outcome, achievement, evaluation)
            gains[achievement] = max(step, gains.get(achievement, 0.0))


def _share(outcome: Outcome, achievement: str, evaluation: Evaluation) -> float:
    """How much of a rule an achievement makes, as far as its catalog tells."""
    leaf = outcome.node
    if isinstance(leaf, SumLeaf) and leaf.least:
        ledger = evaluation.ledger
        return min(1.0, ledger.grains(ledger.catalog.offered(achievement), leaf.unit) / leaf.least)
    return 1 / outcome.need if leaf.kind == "count" and outcome.need else 1.0


def _nearest(outcome: Outcome) -> list[Outcome]:
    return sorted((child for child in outcome.children if not child.is_met), key=lambda child: -child.fraction)


def _helping(outcome: Outcome, evaluation: Evaluation) -> list[str]:
    if outcome.is_met:
        return []
    if outcome.nested is not None:
        return _helping(outcome.nested.root, outcome.nested)
    if outcome.children:
        children = outcome.children if outcome.node.kind in {"all", "if"} else _nearest(outcome)
        if outcome.node.kind == "seq":
            children = [child for child in outcome.children if not child.is_met][:1]
        return [achievement for child in children for achievement in _helping(child, evaluation)]
    return _of_leaf(outcome, evaluation)


def _of_leaf(outcome: Outcome, evaluation: Evaluation) -> list[str]:
    """What a leaf selects and has not; of a leaf whose own are used elsewhere, what would do in their stead, too."""
    leaf = outcome.node
    if not isinstance(leaf, Leaf):
        return []
    found = _not_had(leaf, outcome.eligible, evaluation)
    if leaf.claim == "exclusive" and outcome.eligible:
        found += [name for other in _holders(outcome, evaluation) for name in _other_options(other, evaluation)]
    return found


def _not_had(leaf: Leaf, eligible: Units, evaluation: Evaluation) -> list[str]:
    ledger = evaluation.ledger
    if isinstance(leaf, AverageLeaf):
        eligible = 0  # each may be taken again, for a better result
    names = ledger.catalog.options(leaf.matching if isinstance(leaf, LastLeaf) else leaf.selector)
    return [name for name in names if name not in ledger.units or not eligible >> ledger.units[name] & 1]


def _other_options(other: Outcome, evaluation: Evaluation) -> list[str]:
    return _not_had(other.node, other.eligible, evaluation) if isinstance(other.node, Leaf) else []


def _holders(outcome: Outcome, evaluation: Evaluation) -> list[Outcome]:
    """The rules that use what a rule could, and those that use what these could, and so on; nearest first."""
    leaves = [one for one in _leaves(evaluation.root) if one is not outcome]
    used = [_units_used(one, evaluation) for one in leaves]
    found: list[Outcome] = []
    wanted, seen = outcome.eligible, 0
    while wanted & ~seen:
        seen |= wanted
        near = [one for one, units in zip(leaves, used, strict=True) if units & wanted and one not in found]
        found += near
        for one in near:
            wanted |= one.eligible
    return found


def _leaves(outcome: Outcome) -> Iterator[Outcome]:
    """The outcomes of rules that claim awards."""
    if isinstance(outcome.node, Leaf) and outcome.node.claim == "exclusive":
        yield outcome
    for child in outcome.children:
        yield from _leaves(child)


def _units_used(outcome: Outcome, evaluation: Evaluation) -> Units:
    units = 0
    for copy in outcome.used:
        if copy.achievement in evaluation.ledger.units:
            units |= 1 << evaluation.ledger.units[copy.achievement]
    return units
