"""Things that happen to a person, as native records before they are written out: instants are still `datetime`s.

A happening knows when it happened and when its source gets round to telling; the two differ for what comes late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from deploy.demo.people import Person, Spell
from deploy.demo.places import BRIGHTPATH, CERTHALL, PEOPLEBRIDGE, REGISTRAR, Source

CERTIFIED = frozenset({"certification", "certificate", "licence", "license", "degree", "exam"})
"""Achievement types that CertHall awards; badges and courses come from the person's LMS or from Brightpath."""

_LETTERS = {"A": 0.92, "A-": 0.86, "B+": 0.8, "B": 0.72, "B-": 0.64, "C+": 0.56, "C": 0.48, "D": 0.0}
"""Grades, best first, with the least score of each."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One record to be sent: by whom, when it happened, when it is told, and what it says in native form."""

    source: Source
    at: datetime
    told_at: datetime
    record: Mapping[str, Any]
    verb: str = ""
    """The xAPI verb, where an LMS tells it."""


@dataclass(frozen=True, slots=True)
class Step:
    """An achievement that this person earns, once a moment for it is chosen."""

    person: Person
    achievement_id: str
    entry: Mapping[str, Any]
    source: Source
    scaled: float
    serial: int

    def earned(self, at: datetime, **more: Any) -> Happening:
        """The award or completion that says so; `more` adds or replaces members."""
        if self.entry.get("type") in CERTIFIED | {"badge"}:
            return Happening(self.source, at, at, {**self._award(at), **more}, "achieved")
        return self._attempted(at, "passed" if self._is_examined() else "completed", success=True, **more)

    def failed(self, at: datetime) -> Happening:
        """An attempt that failed; another attempt than the one that `earned` tells."""
        return self._attempted(at, "failed", success=False)

    def corrected(self, at: datetime) -> Happening:
        """The attempt that `earned` told, now said to have failed."""
        verb = "failed" if self._is_examined() else "uncompleted"
        attempt_id = str(_uuid(self.person.number, self.serial, 1))
        return self._attempted(at, verb, success=False, attempt_id=attempt_id)

    def _is_examined(self) -> bool:
        """Whether the course ends in an exam, so that it is passed and not just completed."""
        return self.serial % 2 == 1

    def _attempted(self, at: datetime, verb: str, *, success: bool, **more: Any) -> Happening:
        record = self._common("completion", at) | {
            "success": success,
            "attempt_id": str(_uuid(self.person.number, self.serial, int(success))),
            "score": {"scaled": self.scaled if success else round(self.scaled / 2, 2)},
        }
        if success and self.source.road != "xapi":
            record["grade"] = _letter(self.scaled)
        return Happening(self.source, at, at, {**record, **more}, verb)

    def revoked(self, at: datetime) -> Happening:
        """The same award taken back."""
        record = {"kind": "revocation", "occurred_at": at, **self.person.identity_on(self.source)}
        record |= self._award_key() | {"reason": "issued in error"}
        if self.source.road == "xapi":
            record["achievement"] = {"id": self.achievement_id}
        return Happening(self.source, at, at, record, "forfeited")

    def renewed(self, at: datetime) -> Happening:
        """The same award stated anew, valid from `at`."""
        return self.earned(at, record_id=str(_uuid(self.person.number, self.serial, 7)))

    def _award(self, at: datetime) -> dict[str, Any]:
        record = self._common("award", at) | self._award_key() | {"valid_from": at}
        if self.source is CERTHALL:
            record["record_id"] = str(_uuid(self.person.number, self.serial, 5))
        if self.entry.get("type") == "exam":
            record["score"] = {"scaled": self.scaled}
        if self.entry.get("type") in {"certification", "licence", "license"}:
            record["valid_until"] = at + timedelta(days=3 * 365)
        return record

    def _award_key(self) -> dict[str, Any]:
        return {
            "issuer_id": self.entry.get("issuer") or self.source.name,
            "award_id": f"{self.achievement_id}/{self.person.number}-{self.serial}",
        }

    def _common(self, kind: str, at: datetime) -> dict[str, Any]:
        achievement = {"id": self.achievement_id}
        achievement |= {name: self.entry[name] for name in ("name", "type") if name in self.entry}
        return {"kind": kind, "occurred_at": at, **self.person.identity_on(self.source), "achievement": achievement}


def step(person: Person, achievement_id: str, entry: Mapping[str, Any], serial: int, rng: Random) -> Step:
    """The step toward that achievement, by the system that would really report it: an LMS knows activities by IRI."""
    if entry.get("type") in CERTIFIED:
        source = CERTHALL
    elif not achievement_id.startswith("https://"):
        source = BRIGHTPATH
    elif entry.get("type") == "badge":
        source = person.lms
    else:
        source = rng.choices((person.lms, BRIGHTPATH), (4, 1))[0]
    return Step(person, achievement_id, entry, source, round(rng.betavariate(8, 3), 2), serial)


def employment(person: Person, spell: Spell, at: datetime, *, ended: bool) -> Happening:
    """What HR states of a spell: open at first, and with its end once that is known."""
    record = {"kind": "employment", "occurred_at": at, **person.identity_on(PEOPLEBRIDGE)}
    record |= {"employer_id": spell.employer_id, "from": spell.started_at, "to": spell.ended_at if ended else None}
    return _told(PEOPLEBRIDGE, at, record)


def link(account: dict[str, Any], worker_id: str, at: datetime, told_at: datetime) -> Happening:
    """HR's word that this account is that worker."""
    record = {"kind": "link", "occurred_at": at, "account": account, "worker_id": worker_id}
    return Happening(PEOPLEBRIDGE, at, told_at, record)


def enrolment(person: Person, stack_id: str, at: datetime) -> Happening:
    """The registrar's note that the person sets out on a stack."""
    record = {"kind": "enrolment", "occurred_at": at, **person.identity_on(REGISTRAR), "stack_id": stack_id}
    return _told(REGISTRAR, at, record)


def erasure(person: Person, at: datetime) -> Happening:
    """The person's wish to be forgotten, passed on by HR."""
    return _told(PEOPLEBRIDGE, at, {"kind": "erasure", "occurred_at": at, **person.identity_on(PEOPLEBRIDGE)})


def _letter(scaled: float) -> str:
    """The grade for a score."""
    return next(letter for letter, least in _LETTERS.items() if scaled >= least)


def _told(source: Source, at: datetime, record: Mapping[str, Any]) -> Happening:
    return Happening(source, at, at, record)


def _uuid(person: int, serial: int, use: int) -> UUID:
    """A version 4 UUID that depends on nothing but these numbers: the source's own id of a record or attempt."""
    return UUID(int=Random(f"{person}/{serial}/{use}").getrandbits(128), version=4)
