"""From an evaluation to the contract's `Progress`: what is missing, what to take next, which award serves what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

from schemas.progress import Decision, MissingPart, Progress
from services.core.facts import Excepted
from services.core.stacks.explain import missing_sentence
from services.core.stacks.finishing import Way, way_to_finish
from services.core.stacks.options import MOST, helping, ranked_steps
from services.core.stacks.outcome import Evaluation, Outcome, supporting
from services.core.stacks.refusals import concerns_nothing
from services.core.stacks.rules import CountLeaf, Group, Leaf

M = TypeVar("M", bound=BaseModel)
MOST_NAMED = 12
"""A way to finish that takes more awards is counted, not named."""


def progress_of(evaluation: Evaluation, worker_id: str) -> Progress:
    """The evaluation as it is published."""
    way = way_to_finish(evaluation)
    return made(
        Progress,
        worker_id=worker_id,
        stack_id=evaluation.stack.id,
        stack_version=evaluation.stack.version,
        complete=evaluation.complete,
        progress=evaluation.progress,
        status=evaluation.status,
        missing=() if evaluation.complete else tuple(missing_parts(evaluation)),
        next_steps=() if evaluation.complete else ranked_steps(evaluation),
        awards_to_finish=None if way is None else len(way.names),
        finish_with=() if way is None else finishing(way),
        advice=None,
        allocation=allocation(evaluation),
        proof=evaluation.proof,
        next_change_at=evaluation.next_change_at,
        as_of=evaluation.as_of,
        completed_at=evaluation.earned_at,
        exceptions=tuple(map(_decision, evaluation.exceptions)) if evaluation.exceptions else (),
    )


def finishing(way: Way) -> tuple[str, ...]:
    """The achievements of a way to finish as they are published."""
    if len(way.names) == 1:
        return tuple(dict.fromkeys((*way.names, *way.instead)))[:MOST_NAMED]
    return way.names if len(way.names) <= MOST_NAMED else ()


def _decision(one: Excepted) -> Decision:
    return Decision(
        type=one.type,
        rule=one.rule,
        achievement=one.achievement,
        min=one.min,
        by=one.by,
        why=one.why,
        decided_at=one.decided_at,
    )


def missing_parts(evaluation: Evaluation) -> Iterator[MissingPart]:
    """The rules that are not met, in document order: of a choice the choice itself, of a nested stack the stack."""
    for outcome in unmet(evaluation.root):
        yield _blank(outcome, evaluation) if _has_nothing(outcome, evaluation) else _part(outcome, evaluation)


def _has_nothing(outcome: Outcome, evaluation: Evaluation) -> bool:
    """Whether a rule, one that no registrar has changed for this worker, asks for an award that there is none of."""
    node = outcome.node
    return (
        isinstance(node, CountLeaf)
        and node.kind == "award"
        and not evaluation.exceptions
        and concerns_nothing(node, evaluation)
    )


def _blank(outcome: Outcome, evaluation: Evaluation) -> MissingPart:
    blanks = evaluation.ledger.catalog.index.blanks
    known = blanks.get(outcome.node)
    if known is None:
        known = blanks[outcome.node] = _part(outcome, evaluation)
    return known


def unmet(outcome: Outcome) -> Iterator[Outcome]:
    """The outcomes that stand for what is missing beneath an outcome."""
    if outcome.is_met:
        return
    if isinstance(outcome.node, Group) and outcome.node.is_choice:
        yield outcome
    elif outcome.children:
        for child in outcome.children:
            yield from unmet(child)
    else:
        yield outcome


def allocation(evaluation: Evaluation) -> dict[str, str]:
    """Award key -> path of the rule that uses it; exclusive rules go first, rules that only observe use nothing."""
    if evaluation.credential is not None:
        return {evaluation.credential.key: evaluation.root.node.path}
    found: dict[str, str] = {}
    used = list(_resting_on(evaluation.root))
    for claim in ("exclusive", "shared"):
        for outcome in used:
            if isinstance(outcome.node, Leaf) and outcome.node.claim == claim:
                for copy in outcome.used:
                    found.setdefault(copy.key, outcome.node.path)
    for outcome in used:
        if outcome.nested is not None:
            for key in allocation(outcome.nested):
                found.setdefault(key, outcome.node.path)
    return found


def _resting_on(outcome: Outcome) -> Iterator[Outcome]:
    yield outcome
    for child in supporting(outcome):
        yield from _resting_on(child)


def _part(outcome: Outcome, evaluation: Evaluation) -> MissingPart:
    need, have = round(outcome.need, 4), round(outcome.have, 4)
    return made(
        MissingPart,
        path=outcome.node.path,
        rule=outcome.node.kind,
        name=outcome.node.name,
        need=need,
        have=have,
        gap=round(need - have, 4),
        options=helping(outcome, evaluation)[:MOST],
        reason=missing_sentence(outcome, evaluation),
    )


def made(model: type[M], /, **members: Any) -> M:
    """A model of members that are right as they are; all of them must be given.

    It is what `model_construct` does, without its search for aliases and defaults, which takes longer than judging.
    """
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", members)
    object.__setattr__(made, "__pydantic_fields_set__", set(members))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made
