"""What each person has, from all facts at once: sort, and let the newest win."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.facts import Fact
from deploy.demo.reckoning.persons import final_persons
from deploy.demo.reckoning.selectors import picks

_MIN_TRUST = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """One award or successful completion: `fields` as selectors see them."""

    key: str
    earned_at: datetime
    valid_from: datetime | None
    valid_until: datetime | None
    revoked_at: datetime | None
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Holder:
    """One person after merging."""

    kept: list[Kept] = field(default_factory=list)
    enrolled: set[str] = field(default_factory=set)
    spells: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)

    def employers(self, as_of: datetime) -> list[str]:
        """Those that employ the person at that moment."""
        return sorted({name for name, start, end in self.spells if start <= as_of and (end is None or as_of < end)})


def holders(facts: Iterable[Fact], catalog: PlainCatalog) -> dict[str, Holder]:
    """Every person of whom anything is known, by name, with what they hold; the catalog says more of an achievement."""
    distinct = {fact.identity: fact for fact in facts}
    persons = final_persons(distinct.values())
    by_person: dict[str, list[Fact]] = defaultdict(list)
    for one in distinct.values():
        if one.kind != "link":
            by_person[persons.get(one.person, one.person)].append(one)
    return {person: _holder(their, catalog) for person, their in by_person.items()}


def _holder(facts: list[Fact], catalog: PlainCatalog) -> Holder:
    erased_at = max((fact.at for fact in facts if fact.kind == "erasure"), default=None)
    known = [fact for fact in facts if erased_at is None or fact.at > erased_at]
    known.sort(key=lambda fact: (fact.at, fact.identity))
    return Holder(
        kept=sorted(_awards(known, catalog) + _completions(known, catalog), key=lambda one: (one.earned_at, one.key)),
        enrolled={fact.said["stack_id"] for fact in known if fact.kind == "enrolment"},
        spells=_spells(known),
    )


def _awards(known: list[Fact], catalog: PlainCatalog) -> list[Kept]:
    newest: dict[tuple[str, str], Fact] = {}
    revoked: dict[tuple[str, str], datetime] = {}
    for fact in known:
        if fact.kind == "award":
            newest[_award_key(fact)] = fact
        if fact.kind == "revocation":
            revoked[(fact.said["issuer_id"], fact.said["award_id"])] = fact.at
    return [_kept(fact, "/".join(key), revoked.get(key), catalog) for key, fact in newest.items()]


def _award_key(fact: Fact) -> tuple[str, str]:
    said = fact.said
    return said.get("issuer_id", fact.source), said.get("award_id", said["achievement"]["id"])


def _completions(known: list[Fact], catalog: PlainCatalog) -> list[Kept]:
    newest: dict[tuple[str, str, str], Fact] = {}
    for fact in known:
        if fact.kind == "completion":
            attempt = fact.said.get("attempt_id", fact.identity)
            newest[(fact.source, fact.said["achievement"]["id"], attempt)] = fact
    held = {key: fact for key, fact in newest.items() if fact.said.get("success", True)}
    return [_kept(fact, "/".join(key), None, catalog) for key, fact in held.items()]


def _kept(fact: Fact, key: str, revoked_at: datetime | None, catalog: PlainCatalog) -> Kept:
    said, achievement = fact.said, fact.said["achievement"]
    if any(picks(selector, {**achievement, "achievement": achievement["id"]}) for selector in catalog.equivalent):
        raise ValueError(f"the reckoning does not know what else {achievement['id']} stands for")
    entry = catalog.achievements.get(achievement["id"], {})
    worth = said.get("credits") or entry.get("credits") or {}
    score = said.get("score") or {}
    fields = {**achievement, **entry} | {
        "achievement": achievement["id"],
        "issuer": said.get("issuer_id", fact.source),
        "valid_until": said.get("valid_until"),
        "trust": min(said.get("trust", _MIN_TRUST), _MIN_TRUST),
        "credits": worth.get("value"),
        "unit": worth.get("unit"),
        "score": score.get("scaled"),
        "grade": said.get("grade"),
    }
    valid_from = said.get("valid_from")
    return Kept(key, valid_from or fact.at, valid_from, said.get("valid_until"), revoked_at, fields)


def _spells(known: list[Fact]) -> list[tuple[str, datetime, datetime | None]]:
    newest: dict[tuple[str, datetime], datetime | None] = {}
    for fact in known:
        if fact.kind == "employment":
            newest[(fact.said["employer_id"], fact.said["from"])] = fact.said.get("to")
    return [(employer, start, end) for (employer, start), end in newest.items()]
