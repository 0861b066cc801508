"""What is known of one award: the statements that still have a say, and its revocations.

Newest statement wins, group by group, and a statement has a say in a group only if it gives one of its members. So a
later record that only raises `trust` leaves score, grade, credits, dates and description as they were. The groups, and
why their members go together:

- made: achievement, source, trust, success, day of award where no `valid_from` is given. Every statement states these.
- start: `valid_from`.
- end: `valid_until`. Whoever gives `valid_from` states the whole period, so it has a say here too (no end given then
  means no end); whoever gives only `valid_until` extends or cuts the period and leaves its start.
- result: score and grade. A new score beside an old grade would be a result that nobody gave.
- credits: value and unit.
- description: name, type, level, tags, skills, subject, term; of one achievement, so that an award corrected to
  another achievement does not keep the wrong one's name.

"Newest" is by (`valid_from` else `occurred_at`, `occurred_at`, `record_id`, content): a later period wins over an
earlier one however late the earlier is reported; within a period what was said later wins.

A revocation holds from its date. An award statement re-instates only if it was made after that and is for a period
that begins after it, both strictly: an LMS that sends its old awards again every night must not undo a revocation, nor
must an award that was issued ahead of its start and withdrawn before it. `revoked_at` is the earliest revocation that
nothing re-instated, so an award revoked, re-instated and revoked again is revoked from the second date.

An attempt that is judged in parts (`verdict`, `move_on` of a completion) has one newest statement a part: a pass does
not silence an earlier completion. Whether it counts is worked out on reading, so verdicts and what they are needed for
may come in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schemas.records import Award, Completion, Revocation
from services.core.facts import Held
from services.core.holdings.registers import encode, id_bytes
from services.core.mappings import NO_MAPPINGS, Mappings

Group = str | tuple[str, str]
DESCRIPTION = ("name", "type", "level", "tags", "skills", "subject", "term")


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


NOTHING = Entry()
MOVE_ON = "move_on:"
_WHOLE = "completed_or_passed"


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


def join(ours: Entry, theirs: Entry) -> Entry:
    """What both know. Returns `ours` itself when `theirs` adds nothing."""
    if ours == theirs:
        return ours
    statements = _union(ours.statements, theirs.statements)
    if statements is not ours.statements:
        statements = still_heard(statements)
    revocations = _union(ours.revocations, theirs.revocations)
    if revocations is not ours.revocations:
        revocations = tuple(sorted(revocations))
    if statements == ours.statements and revocations is ours.revocations:
        return ours
    return Entry(statements, revocations)


def still_heard(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements that have a say in some group, newest first.

    One is silenced in a group only by a newer one that was also made no earlier (`occurred_at`): an erasure takes
    statements away by when they were made, and whatever it leaves must still be here. That is what lets erasing and
    merging commute.
    """
    heard: list[Statement] = []
    spoken: dict[Group, datetime] = {}
    for statement in sorted(statements, key=_order, reverse=True):
        made_at = statement.occurred_at
        open_groups = [group for group in _groups(statement) if group not in spoken or spoken[group] < made_at]
        if open_groups:
            heard.append(statement)
            spoken.update(dict.fromkeys(open_groups, made_at))
    return tuple(heard)


def erased(entry: Entry, erased_at: datetime) -> Entry:
    """What is left of the entry after all that was said up to `erased_at` is gone."""
    return Entry(
        tuple(said for said in entry.statements if said.occurred_at > erased_at),
        tuple(said for said in entry.revocations if said.at > erased_at),
    )


def held(entry: Entry, mappings: Mappings = NO_MAPPINGS) -> Held | None:
    """The award as rules see it; None while only revocations are known of it, or when the attempt does not count.

    With `mappings` it is of the achievement that the source's id means here, and an attempt counts as they say.
    """
    statements = entry.statements
    if not statements:
        return None
    newest = statements[0]
    success = _moves_on(statements) if newest.part else newest.success
    if mappings is NO_MAPPINGS:
        return stated(entry) if success else None
    if newest.part and not success and all(said.part.startswith(MOVE_ON) for said in statements):
        return None  # it was launched, and nothing was attempted
    award = stated(entry)
    return None if award is None else _meant(award, mappings, success=success)


def stated(entry: Entry) -> Held | None:
    """The award as its sources state it, whether or not the attempt counts; None while nothing states it."""
    statements = entry.statements
    if not statements:
        return None
    award = statements[0].held if len(statements) == 1 else _combined(_judging(statements))
    revoked = _revoked(entry) if entry.revocations else None
    return award if revoked is None else replace(award, revoked_at=revoked.at, revoked_reason=revoked.reason or None)


def _moves_on(statements: tuple[Statement, ...]) -> bool:
    """Whether an attempt that is judged in parts counts, by what the newest statement of each part says."""
    asked = next((said.part.removeprefix(MOVE_ON) for said in statements if said.part.startswith(MOVE_ON)), _WHOLE)
    completed, passed = (_newest_verdict(statements, verdict) for verdict in ("completed", "passed"))
    return {
        "completed": completed,
        "passed": passed,
        "completed_and_passed": completed and passed,
        "not_applicable": True,
    }.get(asked, completed or passed)


def _newest_verdict(statements: tuple[Statement, ...], verdict: str) -> bool:
    return next((said.success for said in statements if said.part == verdict), False)


def _judging(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements that judge the attempt; all, when there are only such that say what it takes."""
    return tuple(said for said in statements if not said.part.startswith(MOVE_ON)) or statements


def _meant(award: Held, mappings: Mappings, *, success: bool) -> Held | None:
    meant = mappings.of(award.dialect, award.achievement, award.source)
    if meant is None:
        return award if success else None
    if not meant.counts(award.score, success=success):
        return None
    if meant.credits is None:
        return replace(award, achievement=meant.achievement)
    return replace(award, achievement=meant.achievement, credits=meant.credits, unit=meant.unit)


def _revoked(entry: Entry) -> Revoked | None:
    renewals = [min(said.at, said.occurred_at) for said in entry.statements if said.held.valid_from is not None]
    standing = (said for said in entry.revocations if not any(renewed > said.at for renewed in renewals))
    return next(standing, None)


def _combined(statements: tuple[Statement, ...]) -> Held:
    newest = statements[0].held
    says = [statement.held for statement in statements]
    start = next((said for said in says if said.valid_from is not None), newest)
    end = next((said for said in says if _states_end(said)), newest)
    result = next((said for said in says if _states_result(said)), newest)
    credit = next((said for said in says if said.credits is not None), newest)
    about = next((said for said in says if said.achievement == newest.achievement and _describes(said)), newest)
    return replace(
        newest,
        earned_at=start.valid_from or statements[0].occurred_at,
        valid_from=start.valid_from,
        valid_until=end.valid_until,
        score=result.score,
        grade=result.grade,
        credits=credit.credits,
        unit=credit.unit,
        **{name: getattr(about, name) for name in DESCRIPTION},
    )


def _groups(statement: Statement) -> Iterator[Group]:
    said = statement.held
    yield ("made", statement.part.partition(":")[0]) if statement.part else "made"
    if statement.part.startswith(MOVE_ON):
        return  # it says what the attempt takes, and nothing of how it went
    if said.valid_from is not None:
        yield "start"
    if _states_end(said):
        yield "end"
    if _states_result(said):
        yield "result"
    if said.credits is not None:
        yield "credits"
    if _describes(said):
        yield ("description", said.achievement)


def _states_end(said: Held) -> bool:
    return said.valid_from is not None or said.valid_until is not None


def _states_result(said: Held) -> bool:
    return said.score is not None or said.grade is not None


def _describes(said: Held) -> bool:
    return any(getattr(said, name) not in (None, ()) for name in DESCRIPTION)


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
