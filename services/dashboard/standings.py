"""Where one person stands on each stack, and why: the published answer, explained by judging it again.

Where judging from published facts gives another answer (`known_facts` says when it may) the published sentences are
shown and no tree, so a page never argues with itself. Of a past moment nothing but the judging is there, and it judges
by what is known today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from orjson import loads

from schemas.progress import Proof, Status
from services.core.stacks import Evaluation, progress_of
from services.core.stacks.explain import Explained, decision_sentence, explained
from services.dashboard.models import Answer
from services.dashboard.queries import Row

_NEAR = 1e-4


class Missing(Answer):
    """A part of a stack that is not met, in a plain sentence."""

    path: str = ""
    rule: str = ""
    name: str | None = None
    need: float = 0
    have: float = 0
    gap: float = 0
    options: tuple[str, ...] = ()
    reason: str


class NextStep(Answer):
    """An achievement to take next."""

    achievement_id: str
    name: str


class NotCounted(Answer):
    """An award that a rule asks for and that does not count there, and why."""

    award: str
    achievement_id: str
    name: str
    reason: str


class RuleTold(Answer):
    """One rule explained: what it asks and has in a sentence, the awards it uses by name, and the rules beneath."""

    path: str
    rule: str
    is_met: bool
    sentence: str
    used: tuple[str, ...]
    refused: tuple[NotCounted, ...]
    children: tuple[RuleTold, ...]


class StackStanding(Answer):
    """Where one worker stands on one stack. `told` is None where the published answer cannot be explained."""

    stack_id: str
    stack_title: str
    stack_version: str
    status: Status
    complete: bool
    progress: float
    missing: tuple[Missing, ...]
    next_steps: tuple[NextStep, ...]
    proof: Proof
    next_change_at: datetime | None
    completed_at: datetime | None
    as_of: datetime
    told: RuleTold | None = None
    decisions: tuple[str, ...] = ()
    """What registrars decided about it, a sentence each."""


def standings(
    rows: Iterable[Row], evaluations: Mapping[str, Evaluation], names: Mapping[str, str]
) -> tuple[StackStanding, ...]:
    """Standings from rows of `worker_progress`, each explained where the rules give the same answer again."""
    return tuple(_standing(row, evaluations.get(row["stack_id"]), names) for row in rows)


def judged(evaluations: Mapping[str, Evaluation], names: Mapping[str, str]) -> tuple[StackStanding, ...]:
    """Standings by the rules alone, furthest first, of the stacks that something counts toward."""
    found = [_by_rules(one, names) for one in evaluations.values() if one.status != "not_started"]
    return tuple(sorted(found, key=lambda one: (one.complete, -one.progress, one.stack_title, one.stack_id)))


def _standing(row: Row, evaluation: Evaluation | None, names: Mapping[str, str]) -> StackStanding:
    pairs = zip(row["next_steps"], row["next_step_names"], strict=True)
    return StackStanding.model_validate(
        {
            **row,
            "missing": loads(row["missing"]),
            "next_steps": [{"achievement_id": achievement, "name": name} for achievement, name in pairs],
            **(_told(evaluation, names) if evaluation is not None and _agrees(evaluation, row) else {}),
        }
    )


def _agrees(evaluation: Evaluation, row: Row) -> bool:
    told = (row["stack_version"], row["status"])
    return (evaluation.stack.version, evaluation.status) == told and bool(
        abs(evaluation.progress - row["progress"]) < _NEAR
    )


def _by_rules(evaluation: Evaluation, names: Mapping[str, str]) -> StackStanding:
    progress = progress_of(evaluation, "worker")
    offered = evaluation.ledger.catalog.achievements
    steps = [
        NextStep(achievement_id=one, name=(offered[one].name or one) if one in offered else one)
        for one in progress.next_steps
    ]
    return StackStanding.model_validate(
        {
            **progress.model_dump(exclude={"next_steps", "missing"}),
            "stack_title": evaluation.stack.document.title or evaluation.stack.id,
            "missing": [part.model_dump() for part in progress.missing],
            "next_steps": steps,
            **_told(evaluation, names),
        }
    )


def _told(evaluation: Evaluation, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "told": _rule(explained(evaluation), names),
        "decisions": [decision_sentence(one) for one in evaluation.exceptions],
    }


def _rule(one: Explained, names: Mapping[str, str]) -> RuleTold:
    return RuleTold(
        path=one.path,
        rule=one.rule,
        is_met=one.is_met,
        sentence=one.sentence,
        used=tuple(names.get(key, key) for key in one.used),
        refused=tuple(
            NotCounted(
                award=refusal.key,
                achievement_id=refusal.achievement,
                name=names.get(refusal.key, refusal.achievement),
                reason=refusal.reason,
            )
            for refusal in one.refused
        ),
        children=tuple(_rule(child, names) for child in one.children),
    )
