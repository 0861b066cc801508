"""Advice for an employer: which achievements for which workers finish the most stacks, within a budget of awards.

For each worker and unfinished stack there is a shortest way that was found to finish it, one best step after another.
Ways are bought cheapest first, and what is bought for a worker makes that worker's other ways cheaper. For ways that
share nothing that is the most that the budget buys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.core.facts import Facts
from services.core.guidance.worker import begun
from services.core.stacks import CompiledCatalog, CompiledStack, Evaluation, evaluate, evaluate_all
from services.core.stacks.hypothetical import assuming
from services.core.stacks.options import ranked_steps

MOST_STEPS = 12
"""A stack that is further away is not advised on."""
TRIED_AT_EACH_STEP = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What one worker would have to earn to finish one stack, in an order that serves."""

    worker_id: str
    stack_id: str
    progress: float
    achievements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """A plan that the budget buys, and what it costs: the awards not already bought for that worker."""

    plan: Plan
    awards: tuple[str, ...]


def plans(
    people: Mapping[str, Facts],
    as_of: datetime,
    catalog: CompiledCatalog,
    stacks: Sequence[CompiledStack] | None = None,
) -> list[Plan]:
    """The way to finish for every worker and unfinished stack that has one, shortest first."""
    found = []
    for worker_id, known in people.items():
        targets = list(stacks) if stacks is not None else begun(known, as_of, catalog)
        for evaluation in evaluate_all(targets, known, as_of, catalog):
            steps = None if evaluation.complete else way_to_finish(known, evaluation)
            if steps is not None:
                found.append(Plan(worker_id, evaluation.stack.id, evaluation.progress, steps))
    return sorted(found, key=lambda one: (len(one.achievements), -one.progress, one.worker_id, one.stack_id))


def purchases(found: Iterable[Plan], budget: int) -> list[Purchase]:
    """What a budget of so many awards buys, in the order of buying."""
    waiting = list(found)
    bought: dict[str, set[str]] = {}
    made: list[Purchase] = []
    left = budget
    while waiting:
        cheapest = min(waiting, key=lambda plan: len(_needed(plan, bought)))  # of equals the first
        awards = _needed(cheapest, bought)
        if len(awards) > left:
            break
        waiting.remove(cheapest)
        left -= len(awards)
        bought.setdefault(cheapest.worker_id, set()).update(awards)
        made.append(Purchase(cheapest, awards))
    return made


def best_sellers(found: Iterable[Plan]) -> list[tuple[str, tuple[str, ...]]]:
    """Achievements that alone finish a stack, with the workers for whom they do, most first."""
    by_name: dict[str, dict[str, None]] = {}
    for plan in found:
        if len(plan.achievements) == 1:
            by_name.setdefault(plan.achievements[0], {})[plan.worker_id] = None
    ranked = sorted(by_name.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [(achievement, tuple(workers)) for achievement, workers in ranked]


def way_to_finish(
    known: Facts, evaluation: Evaluation, underway: frozenset[str] = frozenset()
) -> tuple[str, ...] | None:
    """Achievements that finish a stack, each the best next step found; None when none was found.

    `underway` are the stacks whose ways this one is part of.
    """
    stack, as_of, catalog = evaluation.stack, evaluation.as_of, evaluation.ledger.catalog
    steps: tuple[str, ...] = ()
    while not evaluation.complete:
        best: tuple[tuple[str, ...], Evaluation] | None = None
        for way in _next_steps(assuming(known, steps, as_of, catalog), evaluation, steps, underway | {stack.id}):
            after = evaluate(stack, assuming(known, (*steps, *way), as_of, catalog), as_of, catalog)
            if best is None or _rank(way, after) > _rank(*best):
                best = way, after
        if best is None or not (best[1].complete or best[1].progress > evaluation.progress):
            return None
        steps, evaluation = (*steps, *best[0]), best[1]
        if len(steps) > MOST_STEPS:
            return None
    return steps


def _next_steps(
    known: Facts, evaluation: Evaluation, taken: Sequence[str], underway: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """Steps worth trying: an achievement, or, where another stack awards it, the way to finish that stack."""
    catalog = evaluation.ledger.catalog
    awarding = {stack.awards: stack.id for stack in catalog.document.stacks if stack.awards is not None}
    for name in [one for one in ranked_steps(evaluation) if one not in taken][:TRIED_AT_EACH_STEP]:
        below = awarding.get(name)
        if below is None or below in underway:
            yield (name,)
            continue
        way = way_to_finish(known, evaluate(catalog.stack(below), known, evaluation.as_of, catalog), underway)
        yield way or (name,)


def _rank(way: Sequence[str], after: Evaluation) -> tuple[bool, float, int]:
    return after.complete, after.progress, -len(way)


def _needed(plan: Plan, bought: Mapping[str, set[str]]) -> tuple[str, ...]:
    have = bought.get(plan.worker_id, set())
    return tuple(name for name in plan.achievements if name not in have)
