"""What one person should take next: the best three, with every term that they were ranked by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.core.facts import Facts
from services.core.guidance import Advice, advice
from services.core.stacks import CompiledCatalog, Evaluation
from services.dashboard.models import Answer
from services.dashboard.words import text_of_cost

NEXT_BEST = 3


class Gain(Answer):
    """What one stack would gain from an achievement."""

    stack_id: str
    stack_title: str
    before: float
    after: float
    completes: bool
    unlocks: tuple[str, ...]


class NextBest(Answer):
    """One of the best achievements to take next, with every term of its score: value per week of learning."""

    achievement_id: str
    name: str
    score: float
    gain: float
    gains: tuple[Gain, ...]
    higher: tuple[str, ...]
    skills: tuple[str, ...]
    hours: float | None
    weeks: float
    cost: str | None
    issuer_id: str | None
    is_accredited: bool


def next_best(
    known: Facts, as_of: datetime, catalog: CompiledCatalog, unfinished: Sequence[Evaluation]
) -> tuple[NextBest, ...]:
    """The best three achievements to take next for the stacks that are not complete."""
    if not unfinished:
        return ()
    found = advice(known, as_of, catalog, [one.stack for one in unfinished])
    return tuple(_next_best(one, catalog) for one in found[:NEXT_BEST])


def _next_best(one: Advice, catalog: CompiledCatalog) -> NextBest:
    titles = {stack_id: family[-1].document.title or stack_id for stack_id, family in catalog.families.items()}
    return NextBest(
        achievement_id=one.achievement,
        name=one.name or one.achievement,
        score=one.score,
        gain=one.gain,
        gains=tuple(
            Gain(
                stack_id=gain.stack_id,
                stack_title=titles[gain.stack_id],
                before=gain.before,
                after=gain.after,
                completes=gain.completes,
                unlocks=gain.unlocks,
            )
            for gain in one.gains
        ),
        higher=tuple(titles[stack_id] for stack_id in one.higher),
        skills=one.skills,
        hours=one.hours,
        weeks=one.weeks,
        cost=text_of_cost(one.cost),
        issuer_id=one.issuer,
        is_accredited=one.is_accredited,
    )
