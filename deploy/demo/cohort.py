"""A realistic cohort, from a seed: years of history, then what happens live.

Pure: the same seed, size, day and catalog give the same deliveries, byte for byte. The people progress along the stacks
of the catalog; many stand one step short, and take it live.
"""

from __future__ import annotations

from collections.abc import Iterator
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

LIVE_SHARE = 0.06
NOISE_ALLOWANCE = 1.075
"""Deliveries for each happening, with the resent, reworded and malformed ones of `noise`."""

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
    ahead: tuple[Step, ...]
    live_count: int
    seed: int

    def live(self, instants: Iterator[datetime]) -> Iterator[Delivery]:
        """One delivery per instant, as long as anyone has a step left; every tenth is sent twice."""
        rng = Random(f"{self.seed}/live")
        for one, at in zip(self.ahead, instants, strict=False):
            sent = deliveries([one.earned(at)], rng)
            yield from sent


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
    return Cohort(tuple(history), tuple(_ahead(careers)), live_count, seed)


def _electives(people: list[Person], number: int, rng: Random, now: datetime) -> Iterator[Happening]:
    """Courses that count toward no stack: most of what an LMS reports."""
    for serial in range(number):
        someone = rng.choice(people)
        name, title = rng.choice(_ELECTIVES)
        entry = {"type": "course", "name": title}
        one = step(someone, f"elective/{name}", entry, 1_000 + serial, rng)
        at = moment_between(rng, someone.joined_at, now)
        yield one.attempted(at, success=False) if happens(rng, 0.1) else one.earned(at)


def _ahead(careers: list[Career]) -> list[Step]:
    """Everyone's next steps: those who lack only one first, so that the live part completes stacks."""
    nearest = sorted((one for one in careers if one.ahead), key=lambda one: len(one.ahead))
    rounds = max((len(one.ahead) for one in nearest), default=0)
    return [one.ahead[turn] for turn in range(rounds) for one in nearest if turn < len(one.ahead)]
