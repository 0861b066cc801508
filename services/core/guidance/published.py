"""Advice in the contract's words, alone and as part of a worker's progress."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import progress as contract
from schemas.progress import Progress
from services.core.guidance.worker import Advice, StackGain
from services.core.stacks.progress import MOST_NAMED

MOST = 5
"""How many achievements are advised toward one stack."""


def published(one: Advice) -> contract.Advice:
    """An advice as it is published."""
    return contract.Advice(
        achievement=one.achievement,
        name=one.name,
        score=one.score,
        gain=one.gain,
        gains=tuple(map(_gain, one.gains)),
        completes=one.completes,
        higher=one.higher,
        skills=one.skills,
        hours=one.hours,
        weeks=one.weeks,
        cost=one.cost,
        trust=contract.TrustTerms(issuer=one.issuer, is_accredited=one.is_accredited, asked=one.trust_asked),
    )


def advised(progress: Progress, found: Iterable[Advice]) -> Progress:
    """The progress with those of the advices that bring its stack on, best first.

    One that completes it tells what one award would do, where the rules alone could not.
    """
    stack_id = progress.stack_id
    helping = [one for one in found if any(gain.stack_id == stack_id for gain in one.gains)]
    told: dict[str, object] = {"advice": tuple(map(published, helping[:MOST]))}
    completing = tuple(one.achievement for one in helping if stack_id in one.completes)[:MOST_NAMED]
    if progress.awards_to_finish is None and completing:
        told |= {"awards_to_finish": 1, "finish_with": completing}
    return progress.model_copy(update=told)


def _gain(one: StackGain) -> contract.StackGain:
    return contract.StackGain(
        stack_id=one.stack_id,
        before=one.before,
        after=one.after,
        gain=one.gain,
        completes=one.completes,
        unlocks=one.unlocks,
    )
