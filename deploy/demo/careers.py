"""What each person does over the years: hired, enrolled, failing, passing, certified, renewing, leaving.

Invariant: a career depends on the seed, the person's number, the catalog and `now` alone, so that a larger cohort holds
the smaller one's people unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from deploy.demo.chance import happens, moment_between, one_of
from deploy.demo.happenings import CERTIFIED, Happening, Step, employment, enrolment, erasure, link, step
from deploy.demo.people import Person, soon
from deploy.demo.recipes import NoRecipe, recipe
from deploy.demo.reckoning.catalog_files import PlainCatalog


@dataclass(slots=True)
class Career:
    """A person's past, and the steps still open, in the order in which they would be taken."""

    person: Person
    past: list[Happening] = field(default_factory=list)
    ahead: list[Step] = field(default_factory=list)
    steps: int = 0
    """How many steps were planned so far; each has a number of its own, which ids are made of."""


def career(person: Person, catalog: PlainCatalog, rng: Random, now: datetime) -> Career:
    """All that happened to the person until `now`, and what is left to do."""
    story = Career(person)
    story.past.extend(_hiring(person, now))
    story.past.extend(_linking(person, rng, now))
    for stack_id in _targets(catalog, rng):
        _pursue(story, catalog, stack_id, rng, now)
    if person.forgotten:
        story.past.append(erasure(person, moment_between(rng, person.joined_at + timedelta(days=30), now)))
    return story


def _hiring(person: Person, now: datetime) -> Iterator[Happening]:
    """What HR tells of each spell: its start, and its end when it comes, or the day before for one still to come."""
    for spell in person.spells:
        told_at = min(spell.started_at, person.joined_at)
        yield employment(person, spell, told_at, ended=False)
        if spell.ended_at is not None:
            yield employment(person, spell, min(spell.ended_at, now - timedelta(days=1)), ended=True)


def _linking(person: Person, rng: Random, now: datetime) -> Iterator[Happening]:
    """Links told when the person joins, somewhere in between, or only at the very end."""
    if person.staff_id is None or not person.linked:
        return
    told_at = rng.choice((person.joined_at - timedelta(days=1), moment_between(rng, person.joined_at, now), now))
    if person.login is not None and happens(rng, 0.06):
        wrong = f"staff:{person.number + 1:06d}"
        yield link(person.lms_account(), wrong, person.joined_at, person.joined_at)
    yield link(person.mail_account(), person.staff_id, person.joined_at + timedelta(days=1), told_at)
    if person.login is not None:
        yield link(person.lms_account(), person.staff_id, person.joined_at + timedelta(days=1), told_at)


def _targets(catalog: PlainCatalog, rng: Random) -> list[str]:
    stacks = list(catalog.stacks)
    return rng.sample(stacks, min(len(stacks), rng.choices((1, 2, 3), (5, 4, 1))[0]))


def _pursue(story: Career, catalog: PlainCatalog, stack_id: str, rng: Random, now: datetime) -> None:
    """Take some of the steps toward a stack: all of them, all but one, some, or none after enrolling."""
    try:
        wanted = recipe(catalog, stack_id, rng)
    except NoRecipe:
        return
    known = {one.record["achievement"]["id"] for one in story.past if "achievement" in one.record}
    known |= {one.achievement_id for one in story.ahead}
    new = [name for name in wanted if name not in known]
    steps = [
        step(story.person, name, catalog.achievements[name], number, rng)
        for number, name in enumerate(new, start=story.steps)
    ]
    story.steps += len(steps)
    done = _how_many(len(steps), rng)
    set_out_at = moment_between(rng, story.person.joined_at, now - (now - story.person.joined_at) / 2)
    until = now - (now - set_out_at) * rng.uniform(0, 0.7)
    if not done or happens(rng, 0.6):
        story.past.append(enrolment(story.person, stack_id, set_out_at))
    for one, at in zip(steps[:done], _moments(done, set_out_at, until, rng), strict=True):
        story.past.extend(_taken(one, at, rng, now))
    story.ahead.extend(steps[done:])


def _how_many(steps: int, rng: Random) -> int:
    """How far into so many steps: many take all, as many all but one, some a part, few none."""
    how_far = one_of(rng, {"all": 0.35, "one short": 0.35, "part": 0.2, "none": 0.1})
    if how_far == "part":
        return rng.randrange(steps + 1)
    return {"all": steps, "one short": max(0, steps - 1), "none": 0}[how_far]


def _moments(number: int, start: datetime, end: datetime, rng: Random) -> list[datetime]:
    return sorted(moment_between(rng, start, end) for _ in range(number))


def _taken(one: Step, at: datetime, rng: Random, now: datetime) -> Iterator[Happening]:
    """One step, with what may go wrong around it."""
    if one.entry.get("type") in CERTIFIED | {"badge"}:
        yield from _certified(one, at, rng, now)
    else:
        yield from _studied(one, at, rng, now)


def _certified(one: Step, at: datetime, rng: Random, now: datetime) -> Iterator[Happening]:
    award = one.earned(at)
    if "valid_until" in award.record and happens(rng, 0.02):
        award = one.earned(at, valid_until=soon(rng, now))
    yield award
    valid_until = award.record.get("valid_until")
    if happens(rng, 0.02):
        taken_back = one.revoked(moment_between(rng, at, now))
        told_at = at - timedelta(days=2) if happens(rng, 0.4) else taken_back.at
        yield replace(taken_back, told_at=told_at)
    elif valid_until is not None and valid_until < now and happens(rng, 0.5):
        yield one.renewed(moment_between(rng, valid_until - timedelta(days=90), valid_until))


def _studied(one: Step, at: datetime, rng: Random, now: datetime) -> Iterator[Happening]:
    if happens(rng, 0.15):
        yield one.failed(at - timedelta(days=rng.randint(3, 30)))
    yield one.earned(at)
    if happens(rng, 0.01):
        yield one.corrected(moment_between(rng, at, now))
