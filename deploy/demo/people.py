"""The cohort's people: the accounts each has on each system, and where they worked.

A person is known by mail everywhere, by a login of its own on one LMS, or by a staff number in the HR system: the
cases in which one worker reaches Stepwell under several accounts and only a `link` says that they are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from random import Random
from typing import Any

from deploy.demo.chance import happens, one_of
from deploy.demo.places import BRIGHTPATH, EMPLOYERS, LANTERN, PEOPLEBRIDGE, QUAYSIDE, Source

FORGOTTEN_EVERY = 30
_GIVEN = "Ada Amir Bea Chidi Dana Elif Emeka Farah Goran Hana Ines Ivo Jun Kofi Lena Luis Mara Nia Omar Priya Rosa Zeki"
_FAMILY = "Abara Bell Castro Dietz Ekholm Fofana Garcia Haddad Ito Jansen Kaya Lund Moreau Nowak Okafor Park Weiss"
_STORIES = {
    "stayed": 0.79,
    "left": 0.06,
    "moved": 0.06,
    "has two": 0.03,
    "leaving": 0.02,
    "not yet": 0.02,
    "none": 0.02,
}
SOON_SECONDS = (12, 40)
"""When what ends while the demo runs does so, counted from the command."""


@dataclass(frozen=True, slots=True)
class Spell:
    """An employment, from the day it starts until the day it ends (None while it lasts)."""

    employer_id: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who learns. `login` is set when its LMS knows it by an account of its own, `staff_id` when HR does."""

    number: int
    mail: str
    lms: Source
    joined_at: datetime
    spells: tuple[Spell, ...] = ()
    login: str | None = None
    staff_id: str | None = None
    forgotten: bool = False
    """Asks to be erased one day."""
    linked: bool = True
    """False for one whose accounts nobody ever linked: Stepwell must keep them apart."""

    def identity_on(self, source: Source) -> dict[str, Any]:
        """The members by which this source names the person: `account`, or `worker_id` in the HR system."""
        if source is PEOPLEBRIDGE and self.staff_id is not None:
            return {"worker_id": self.staff_id}
        if source is self.lms and self.login is not None:
            return {"account": self.lms_account()}
        if source is BRIGHTPATH:
            return {
                "account": {"mbox_sha1sum": sha1(f"mailto:{self.mail}".encode(), usedforsecurity=False).hexdigest()}
            }
        return {"account": self.mail_account()}

    def mail_account(self) -> dict[str, Any]:
        """The account by mail. Source: xAPI 1.0.3 Data 2.4.2.3."""
        return {"mbox": f"mailto:{self.mail}"}

    def lms_account(self) -> dict[str, Any]:
        """The account on the person's LMS; only for one who has a login."""
        return {"account": {"homePage": f"https://{self.lms.name}.example", "name": self.login}}


def person(number: int, rng: Random, now: datetime) -> Person:
    """The person of that number: same number, random source and day give the same person."""
    name = f"{rng.choice(_GIVEN.split())}.{rng.choice(_FAMILY.split())}.{number}".lower()
    joined_at = now - timedelta(days=rng.randint(60, 2_200), seconds=rng.randrange(86_400))
    lms = rng.choices((LANTERN, QUAYSIDE), (7, 3))[0]
    forgotten = number % FORGOTTEN_EVERY == FORGOTTEN_EVERY // 2
    login = f"u{number:05d}" if happens(rng, 0.25) and not forgotten else None
    staff_id = f"staff:{number:06d}" if login or (happens(rng, 0.15) and not forgotten) else None
    return Person(
        number=number,
        mail=f"{name}@mail.example",
        lms=lms,
        joined_at=joined_at,
        spells=_spells(rng, joined_at, now),
        login=login,
        staff_id=staff_id,
        forgotten=forgotten,
        linked=staff_id is not None and happens(rng, 0.93),
    )


def soon(rng: Random, now: datetime) -> datetime:
    """A moment while the demo runs: what ends then changes by itself, with nothing sent."""
    return now + timedelta(seconds=rng.randint(*SOON_SECONDS))


def _spells(rng: Random, joined_at: datetime, now: datetime) -> tuple[Spell, ...]:
    """Most stay; some left or are about to, some changed, some have two at once, some start later, some have none."""
    first, second = rng.choices([one.employer_id for one in EMPLOYERS], [one.share for one in EMPLOYERS], k=2)
    left_at = joined_at + (now - joined_at) * rng.uniform(0.3, 0.95)
    left_at = left_at.replace(microsecond=0)
    stories: dict[str, tuple[Spell, ...]] = {
        "stayed": (Spell(first, joined_at),),
        "left": (Spell(first, joined_at, left_at),),
        "moved": (Spell(first, joined_at, left_at), Spell(second, left_at + timedelta(days=rng.randint(1, 30)))),
        "has two": (Spell(first, joined_at), Spell(second, left_at)),
        "leaving": (Spell(first, joined_at, soon(rng, now)),),
        "not yet": (Spell(first, now + timedelta(days=rng.randint(20, 60))),),
        "none": (),
    }
    return stories[one_of(rng, _STORIES)]
