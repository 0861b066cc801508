"""What is known of one award: the statements that still have a say, and its revocations.

Newest statement wins, group by group, and a statement has a say in a group only if it gives one of its members. So a
later record that only raises `trust` leaves score, grade, credits, dates and description as they were: see `groups`.

"Newest" is by (`valid_from` else `occurred_at`, `occurred_at`, `record_id`, content): a later period wins over an
earlier one however late the earlier is reported; within a period what was said later wins.

What follows from all that (is it revoked, since when, does it count) is worked out in `reading`.

A verification is about one statement, the record of one credential: see `checks`. What it refuses is read as if it
had never been said, unless nothing else was; and until a credential's signature was found to hold, its statement
silences no other, since it may yet turn out to be a forgery.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeVar

from msgspec import Struct

from schemas.records import Award, Completion, Revocation, Verification
from services.core.facts import Held
from services.core.holdings import checks
from services.core.holdings.checks import Check
from services.core.holdings.groups import MOVE_ON, Group, groups_of
from services.core.holdings.registers import encode, id_bytes


class Statement(Struct, frozen=True, gc=False, array_like=True):
    """One record about an award, as facts see it on its own. `at` is `valid_from` else `occurred_at`."""

    at: datetime
    occurred_at: datetime
    record_id: bytes
    success: bool
    held: Held
    part: str = ""
    """The verdict that it gives, or `MOVE_ON` and what it asks for; "" where the attempt is judged as a whole."""


class Revoked(Struct, frozen=True, gc=False, array_like=True, order=True):
    """One record that takes the award back from `at` on. Ordered oldest first."""

    at: datetime
    record_id: bytes
    reason: str


class Entry(Struct, frozen=True, gc=False, array_like=True):
    """All that is known of one award. Statements newest first, revocations oldest first: equal knowledge is equal."""

    statements: tuple[Statement, ...] = ()
    revocations: tuple[Revoked, ...] = ()
    checks: tuple[Check, ...] = ()


NOTHING = Entry()


def entry_key(issuer_id: str, award_id: str) -> str:
    """The identity of an award within a worker's holdings."""
    return f"{issuer_id}\n{award_id}"


def of_award(record: Award) -> tuple[str, Entry]:
    """The entry that the record makes on its own, and its key."""
    issuer = record.issuer_id or record.source or ""
    award_id = record.award_id or record.achievement.id
    held = _held(record, "award", issuer, award_id)
    return entry_key(issuer, award_id), Entry((_statement(record, held, success=True),))


def of_completion(record: Completion) -> tuple[str, Entry]:
    """The entry that the record makes on its own, and its key; its issuer is the source that reports the attempt."""
    issuer = record.source or ""
    award_id = f"completion:{record.achievement.id}:{record.attempt_id or record.record_id}"
    held = _held(record, "completion", issuer, award_id)
    part = record.verdict or "" if record.move_on is None else MOVE_ON + record.move_on
    return entry_key(issuer, award_id), Entry((_statement(record, held, success=record.success, part=part),))


def of_revocation(record: Revocation) -> tuple[str, Entry]:
    """The entry that the record makes on its own, and its key."""
    revoked = Revoked(record.occurred_at, id_bytes(record.record_id), record.reason or "")
    return entry_key(record.issuer_id, record.award_id), Entry((), (revoked,))


def of_verification(record: Verification) -> tuple[str, Entry]:
    """The entry that the record makes on its own, and its key."""
    return entry_key(record.issuer_id, record.award_id), Entry((), (), (checks.of_verification(record),))


def join(ours: Entry, theirs: Entry) -> Entry:
    """What both know. Returns `ours` itself when `theirs` adds nothing."""
    if ours == theirs:
        return ours
    statements = _union(ours.statements, theirs.statements)
    known = checks.joined(ours.checks, theirs.checks) if theirs.checks else ours.checks
    if statements is not ours.statements or known is not ours.checks:
        statements = still_heard(statements, known)
    revocations = _union(ours.revocations, theirs.revocations)
    if revocations is not ours.revocations:
        revocations = tuple(sorted(revocations))
    if statements == ours.statements and revocations is ours.revocations and known is ours.checks:
        return ours
    return Entry(statements, revocations, known)


def still_heard(statements: Iterable[Statement], known: tuple[Check, ...] = ()) -> tuple[Statement, ...]:
    """The statements that have a say in some group, newest first.

    One is silenced in a group only by a newer one that was also made no earlier (`occurred_at`): an erasure takes
    statements away by when they were made, and whatever it leaves must still be here. That is what lets erasing and
    merging commute. One that may yet be refused silences none.
    """
    heard: list[Statement] = []
    spoken: dict[Group, datetime] = {}
    for statement in sorted(statements, key=_order, reverse=True):
        made_at = statement.occurred_at
        open_groups = [
            group
            for group in groups_of(statement.held, statement.part)
            if group not in spoken or spoken[group] < made_at
        ]
        if open_groups:
            heard.append(statement)
            if checks.is_sure(statement, known):
                spoken.update(dict.fromkeys(open_groups, made_at))
    return tuple(heard)


def erased(entry: Entry, erased_at: datetime) -> Entry:
    """What is left of the entry after all that was said up to `erased_at` is gone."""
    return Entry(
        tuple(said for said in entry.statements if said.occurred_at > erased_at),
        tuple(said for said in entry.revocations if said.at > erased_at),
        checks.surviving(entry.checks, erased_at),
    )


def _order(said: Statement) -> tuple[datetime, datetime, bytes, bytes]:
    return (said.at, said.occurred_at, said.record_id, encode(said))


T = TypeVar("T", Statement, Revoked)


def _union(ours: tuple[T, ...], theirs: tuple[T, ...]) -> tuple[T, ...]:
    news = tuple(said for said in theirs if said not in ours)
    return ours + news if news else ours


def _statement(record: Award | Completion, held: Held, *, success: bool, part: str = "") -> Statement:
    return Statement(held.earned_at, record.occurred_at, id_bytes(record.record_id), success, held, part)


def _held(record: Award | Completion, basis: Literal["award", "completion"], issuer: str, award_id: str) -> Held:
    achievement, credit = record.achievement, record.credits
    starts = record.valid_from if record.kind == "award" else None
    score = record.score
    return Held(  # by position, as it is made of every record: names take half as long again
        f"{issuer}/{award_id}",
        basis,
        achievement.id,
        issuer,
        award_id,
        starts or record.occurred_at,
        starts,
        record.valid_until,
        None,
        None,
        achievement.name,
        achievement.type,
        achievement.level,
        achievement.tags,
        achievement.skills,
        achievement.subject,
        achievement.term,
        record.trust or 0,
        record.grade,
        score.scaled if score else None,
        credit.value if credit else None,
        credit.unit if credit else None,
        record.source or "",
        record.dialect or "",
    )
