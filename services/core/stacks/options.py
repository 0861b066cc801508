"""Which achievements would help an unmet rule, and in which order to take them."""

from __future__ import annotations

from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import Group, Leaf

MOST = 20
"""How many options are named."""


def helping(outcome: Outcome, evaluation: Evaluation) -> tuple[str, ...]:
    """Achievements that would bring the rule on, nearest first; none that it has, or that already counts elsewhere."""
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
        step = weight / outcome.need if node.kind == "count" and outcome.need else weight
        for achievement in _of_leaf(outcome, evaluation):
            gains[achievement] = max(step, gains.get(achievement, 0.0))


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
    leaf = outcome.node
    if not isinstance(leaf, Leaf):
        return []
    ledger = evaluation.ledger
    names = ledger.catalog.options(leaf.selector)
    return [name for name in names if name not in ledger.units or not outcome.eligible >> ledger.units[name] & 1]
