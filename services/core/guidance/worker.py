"""Advice for one worker: the next achievements, best first, with every term of what each would bring.

The value of an achievement is what it moves now (progress over all of the worker's stacks), what it completes, which
rules it unlocks, how many higher stacks it counts in besides, and which skills it adds that those stacks still want;
the score is that value per week of learning. Costs are shown and not weighed: money is the reader's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from schemas.catalog import Offered
from services.core.facts import Facts
from services.core.stacks import CompiledCatalog, CompiledStack, Evaluation, evaluate_all
from services.core.stacks.hypothetical import hypothetical, with_award
from services.core.stacks.options import helping
from services.core.stacks.outcome import Outcome

MOST_CANDIDATES = 60
HOURS_A_WEEK = 10.0
"""What a person at work can learn in a week."""
HOURS_NOT_STATED = 80.0
"""What is taken for an achievement whose hours the catalog does not say, so that silence is no advantage."""
WORTH_OF_COMPLETING = 0.25
WORTH_OF_UNLOCKING = 0.05
WORTH_OF_HIGHER = 0.05
WORTH_OF_SKILL = 0.02


@dataclass(frozen=True, slots=True)
class StackGain:
    """What one stack would gain: progress before and after, whether it completes, the rules newly met."""

    stack_id: str
    before: float
    after: float
    completes: bool
    unlocks: tuple[str, ...]

    @property
    def gain(self) -> float:
        """Progress gained."""
        return round(self.after - self.before, 6)


@dataclass(frozen=True, slots=True)
class Advice:
    """One achievement to take, and its terms.

    `higher` are the stacks above those that it moves, in which it counts besides; `skills` those of its skills that the
    worker lacks and the stacks want; `hours`, `cost`, `issuer` and `is_accredited` are the catalog's; `trust_asked` is
    the highest tier that a rule asks of it in a stack that it moves.
    """

    achievement: str
    name: str | None
    score: float
    gains: tuple[StackGain, ...]
    higher: tuple[str, ...]
    skills: tuple[str, ...]
    hours: float | None
    weeks: float
    cost: JsonValue
    issuer: str | None
    is_accredited: bool
    trust_asked: int = 0

    @property
    def gain(self) -> float:
        """Progress gained over all stacks."""
        return round(sum(one.gain for one in self.gains), 6)

    @property
    def completes(self) -> tuple[str, ...]:
        """The stacks that it would complete."""
        return tuple(one.stack_id for one in self.gains if one.completes)


def advice(
    known: Facts, as_of: datetime, catalog: CompiledCatalog, stacks: Sequence[CompiledStack] | None = None
) -> list[Advice]:
    """What to take next, best first: for the stacks asked about, else for those that the worker has begun."""
    targets = list(stacks) if stacks is not None else begun(known, as_of, catalog)
    return advice_on(known, evaluate_all(targets, known, as_of, catalog), catalog)


def advice_on(known: Facts, evaluations: Iterable[Evaluation], catalog: CompiledCatalog) -> list[Advice]:
    """What to take next for stacks judged already, best first. About a tenth of a millisecond a candidate."""
    before = [one for one in evaluations if not one.complete]
    wanted = _wanted_skills(before, catalog)
    held = {skill for one in known.awards for skill in _skills(catalog.achievements.get(one.achievement), one.skills)}
    found = [
        made
        for achievement in candidates(before, catalog)
        if (made := _advice(achievement, known, before, wanted - held)) is not None
    ]
    return sorted(found, key=lambda one: (-one.score, one.achievement))


def begun(known: Facts, as_of: datetime, catalog: CompiledCatalog) -> list[CompiledStack]:
    """The stacks that the worker set out on, or holds a part of; all of them for who has begun none."""
    ids = {one.stack_id for one in known.enrolments if one.stack_id in catalog.families}
    ids |= {stack.id for stack in catalog.touched(known.awards)}
    stacks = [catalog.stack(stack_id) for stack_id in sorted(ids)]
    found = begun_among(evaluate_all(stacks, known, as_of, catalog), known)
    return [one.stack for one in found] or list(catalog.stacks)


def begun_among(evaluations: Iterable[Evaluation], known: Facts) -> list[Evaluation]:
    """Of stacks judged for a worker, those that the worker set out on or holds a part of."""
    enrolled = {one.stack_id for one in known.enrolments}
    return [one for one in evaluations if one.progress > 0 or one.stack.id in enrolled]


def candidates(evaluations: Iterable[Evaluation], catalog: CompiledCatalog) -> list[str]:
    """Achievements that may help, nearest first: options of unmet rules, and what is equivalent to one of them.

    What a stack awards is not taken by itself: its parts are.
    """
    found: dict[str, None] = {}
    for evaluation in evaluations:
        for achievement in helping(evaluation.root, evaluation):
            found[achievement] = None
    for equivalence in catalog.equivalences:
        if any(target.achievement in found for target in equivalence.document.to):
            found |= dict.fromkeys(catalog.options(equivalence.selector))
    awarding = {stack.awards: stack.id for stack in catalog.document.stacks if stack.awards is not None}
    for awarded in [name for name in found if name in awarding]:
        del found[awarded]
        found |= dict.fromkeys(_parts(catalog, awarding[awarded]))
    return list(found)[:MOST_CANDIDATES]


def _parts(catalog: CompiledCatalog, stack_id: str) -> Iterator[str]:
    for leaf in catalog.stack(stack_id).leaves:
        yield from catalog.options(leaf.selector)


def _advice(achievement: str, known: Facts, before: Sequence[Evaluation], wanted: set[str]) -> Advice | None:
    """The terms of one achievement, or None when it moves nothing."""
    gains = _gains(achievement, known, before)
    if not gains:
        return None
    catalog = before[0].ledger.catalog
    offered = catalog.achievements.get(achievement)
    skills = tuple(sorted(wanted.intersection(_skills(offered, ()))))
    higher = _higher(gains, catalog)
    weeks = _weeks(offered)
    value = sum(one.gain for one in gains) + WORTH_OF_COMPLETING * sum(one.completes for one in gains)
    value += WORTH_OF_UNLOCKING * sum(len(one.unlocks) for one in gains)
    value += WORTH_OF_HIGHER * len(higher) + WORTH_OF_SKILL * len(skills)
    issuer = None if offered is None else offered.issuer
    return Advice(
        achievement=achievement,
        name=None if offered is None else offered.name,
        score=round(value / weeks, 6),
        gains=gains,
        higher=higher,
        skills=skills,
        hours=None if offered is None else offered.hours,
        weeks=weeks,
        cost=None if offered is None else offered.cost,
        issuer=issuer,
        is_accredited=any(one.id == issuer and bool(one.accreditation) for one in catalog.document.issuers),
        trust_asked=max(_tiers_asked(achievement, gains, catalog), default=0),
    )


def _gains(achievement: str, known: Facts, before: Sequence[Evaluation]) -> tuple[StackGain, ...]:
    """What each stack would gain by it; only those that it can touch are judged again."""
    if not before:
        return ()
    as_of, catalog = before[0].as_of, before[0].ledger.catalog
    award = hypothetical(achievement, as_of, catalog)
    touched = catalog.index.stacks_of(award, catalog.achievements.get(achievement))
    asked = [one for one in before if one.stack.id in touched]
    after = evaluate_all([one.stack for one in asked], with_award(known, award), as_of, catalog)
    return tuple(_gain(one, other) for one, other in zip(asked, after, strict=True) if _is_moved(one, other))


def _is_moved(before: Evaluation, after: Evaluation) -> bool:
    return after.complete > before.complete or after.progress > before.progress


def _gain(before: Evaluation, after: Evaluation) -> StackGain:
    unlocked = tuple(sorted(_met(after.root) - _met(before.root)))
    return StackGain(before.stack.id, before.progress, after.progress, after.complete and not before.complete, unlocked)


def _met(outcome: Outcome) -> set[str]:
    """The paths of the groups and nested stacks that are met."""
    found = {outcome.node.path} if outcome.is_met and (outcome.children or outcome.nested is not None) else set()
    return found.union(*(_met(child) for child in outcome.children))


def _higher(gains: Sequence[StackGain], catalog: CompiledCatalog) -> tuple[str, ...]:
    """The stacks that are built on one that is moved."""
    above = catalog.index.above
    return tuple(sorted({one for gain in gains for one in above[gain.stack_id] if one != gain.stack_id}))


def _tiers_asked(achievement: str, gains: Sequence[StackGain], catalog: CompiledCatalog) -> Iterator[int]:
    """The trust that rules ask of it."""
    copy = catalog.offered(achievement)
    for leaf in (leaf for gain in gains for leaf in catalog.stack(gain.stack_id).leaves):
        if leaf.filter is not None and leaf.filter.trust and leaf.selector.may(copy):
            yield leaf.filter.trust


def _wanted_skills(evaluations: Sequence[Evaluation], catalog: CompiledCatalog) -> set[str]:
    """The skills of what the stacks still ask for."""
    names = (achievement for one in evaluations for achievement in helping(one.root, one))
    return {skill for name in names for skill in _skills(catalog.achievements.get(name), ())}


def _skills(offered: Offered | None, stated: Sequence[str]) -> tuple[str, ...]:
    return offered.skills or tuple(stated) if offered is not None else tuple(stated)


def _weeks(offered: Offered | None) -> float:
    """How many weeks it takes, at least one."""
    hours = None if offered is None else offered.hours
    return round(max(1.0, (HOURS_NOT_STATED if hours is None else hours) / HOURS_A_WEEK), 2)
