"""A realistic cohort, from a seed: years of history, then what happens live.

Pure: the same seed, size, day and catalog give the same deliveries, byte for byte. The people progress along the stacks
of the catalog; many stand one step short, and take it live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from deploy.demo.careers import Career, career
from deploy.demo.chance import happens, moment_between
from deploy.demo.delivery import Delivery
from deploy.demo.happenings import Happening, Step, step
from deploy.demo.noise import delayed, deliveries
from deploy.demo.people import Person, person
from deploy.demo.reckoning.catalog_files import PlainCatalog

LIVE_SHARE = 0.02
LIVE_STEPS_SHARE = 0.3
"""Of what happens live: toward a stack, nearest to completion first; the rest are electives."""
NOISE_ALLOWANCE = 1.095
"""Deliveries for each happening, with the resent, reworded and malformed ones of `noise`."""

_FIRST_ELECTIVE_SERIAL = 1_000
_FIRST_LIVE_SERIAL = 10_000_000
_ELECTIVES = (
    ("forklift-refresher", "Forklift refresher"),
    ("fire-safety", "Fire safety at work"),
    ("first-aid", "First aid"),
    ("gdpr-basics", "Data protection basics"),
    ("manual-handling", "Manual handling"),
    ("phishing-awareness", "Phishing awareness"),
    ("customer-care", "Customer care"),
    ("spreadsheets-2", "Spreadsheets, part two"),
    ("team-lead-basics", "Leading a small team"),
    ("lean-intro", "Introduction to lean"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many workers, and about how many deliveries in all; a cohort never leaves out a part of a career."""

    workers: int
    records: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """The deliveries of the past in sending order, and the steps that people take live, one after the other."""

    history: tuple[Delivery, ...]
    people: tuple[Person, ...]
    ahead: tuple[Step, ...]
    live_count: int
    seed: int

    def live(self, instants: Iterable[datetime]) -> Iterator[Delivery]:
        """What is sent as each instant comes: a step toward a stack, or an elective, and their noise.

        The instants are drawn one by one, so that a clock may give them; as long as they come, so do deliveries.
        """
        rng = Random(f"{self.seed}/live")
        ahead = iter(self.ahead)
        for serial, at in enumerate(instants, start=_FIRST_LIVE_SERIAL):
            one = next(ahead, None) if happens(rng, LIVE_STEPS_SHARE) else None
            yield from deliveries([(one or _elective(rng.choice(self.people), serial, rng)).earned(at)], rng)


def cohort(seed: int, size: Size, catalog: PlainCatalog, now: datetime) -> Cohort:
    """The cohort of that seed and size as of `now` (whole seconds, zone-aware)."""
    people = [person(number, Random(f"{seed}/person/{number}"), now) for number in range(size.workers)]
    careers = [career(one, catalog, Random(f"{seed}/career/{one.number}"), now) for one in people]
    rng = Random(f"{seed}/cohort")
    live_count = int(size.records * LIVE_SHARE)
    wanted = int((size.records - live_count) / NOISE_ALLOWANCE)
    past = [happening for one in careers for happening in one.past]
    past.extend(_electives(people, max(0, wanted - len(past)), rng, now))
    history = deliveries(delayed(past, rng, now), rng)
    return Cohort(tuple(history), tuple(people), tuple(_ahead(careers)), live_count, seed)


def _electives(people: list[Person], number: int, rng: Random, now: datetime) -> Iterator[Happening]:
    """Courses that count toward no stack: most of what an LMS reports."""
    for serial in range(number):
        one = _elective(rng.choice(people), _FIRST_ELECTIVE_SERIAL + serial, rng)
        at = moment_between(rng, one.person.joined_at, now)
        yield one.failed(at) if happens(rng, 0.1) else one.earned(at)


def _elective(someone: Person, serial: int, rng: Random) -> Step:
    name, title = rng.choice(_ELECTIVES)
    return step(someone, f"https://courses.example/{name}", {"type": "course", "name": title}, serial, rng)


def _ahead(careers: list[Career]) -> list[Step]:
    """Everyone's next steps: those who lack only one first, so that the live part completes stacks."""
    nearest = sorted((one for one in careers if one.ahead), key=lambda one: len(one.ahead))
    rounds = max((len(one.ahead) for one in nearest), default=0)
    return [one.ahead[turn] for turn in range(rounds) for one in nearest if turn < len(one.ahead)]
