"""One award as rules see it, worked out of all that is known of it: is it held, trusted how far, revoked since when.

A revocation holds from its date. An award statement re-instates only if it was made after that and is for a period
that begins after it, both strictly: an LMS that sends its old awards again every night must not undo a revocation, nor
must an award that was issued ahead of its start and withdrawn before it. `revoked_at` is the earliest revocation that
nothing re-instated, so an award revoked, re-instated and revoked again is revoked from the second date.

An attempt that is judged in parts (`verdict`, `move_on` of a completion) has one newest statement a part: a pass does
not silence an earlier completion. Whether it counts is worked out on reading, so verdicts and what they are needed for
may come in any order.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from services.core.facts import Held
from services.core.holdings import checks
from services.core.holdings.awards import Entry, Revoked, Statement
from services.core.holdings.groups import DESCRIPTION, MOVE_ON, describes, states_end, states_result
from services.core.mappings import NO_MAPPINGS, Mappings

_WHOLE = "completed_or_passed"


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
        if not success:
            return None
        is_plain = len(statements) == 1 and not (entry.revocations or entry.checks)
        return newest.held if is_plain else stated(entry)
    if newest.part and not success and all(said.part.startswith(MOVE_ON) for said in statements):
        return None  # it was launched, and nothing was attempted
    award = stated(entry)
    return None if award is None else _meant(award, mappings, success=success)


def stated(entry: Entry) -> Held | None:
    """The award as its sources state it, whether or not the attempt counts; None while nothing states it."""
    statements = entry.statements
    if not statements:
        return None
    if entry.checks:
        return _judged(entry)
    award = statements[0].held if len(statements) == 1 else _combined(_judging(statements))
    revoked = _revoked(statements, entry.revocations) if entry.revocations else None
    return award if revoked is None else replace(award, revoked_at=revoked.at, revoked_reason=revoked.reason or None)


def _judged(entry: Entry) -> Held:
    """The award by those of its statements that are not refused, each trusted as far as its credential was verified."""
    believed = tuple(said for said in entry.statements if not checks.is_refused(said, entry.checks))
    newest = checks.find((believed or entry.statements)[0], entry.checks)
    if not believed:
        award = _said(entry.statements)
        return replace(award, trust=0, revoked_at=award.earned_at, revoked_reason=newest and newest.refusal)
    award = _said(believed)
    revoked = _revoked(believed, _all_revocations(entry, believed[0]))
    return replace(
        award,
        trust=award.trust if newest is None else max(award.trust, newest.trust),
        revoked_at=None if revoked is None else revoked.at,
        revoked_reason=None if revoked is None else revoked.reason or None,
    )


def _all_revocations(entry: Entry, newest: Statement) -> tuple[Revoked, ...]:
    """Oldest first: what records say, and what the status of its credentials says."""
    told = checks.taken_back(newest, entry.checks)
    by_status = (Revoked(status.since, record_id, status.reason) for status, record_id in told)
    return tuple(sorted((*entry.revocations, *by_status)))


def _said(statements: tuple[Statement, ...]) -> Held:
    return statements[0].held if len(statements) == 1 else _combined(_judging(statements))


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


def _revoked(statements: Iterable[Statement], revocations: Iterable[Revoked]) -> Revoked | None:
    renewals = [min(said.at, said.occurred_at) for said in statements if said.held.valid_from is not None]
    standing = (said for said in revocations if not any(renewed > said.at for renewed in renewals))
    return next(standing, None)


def _combined(statements: tuple[Statement, ...]) -> Held:
    newest = statements[0].held
    says = [statement.held for statement in statements]
    start = next((said for said in says if said.valid_from is not None), newest)
    end = next((said for said in says if states_end(said)), newest)
    result = next((said for said in says if states_result(said)), newest)
    credit = next((said for said in says if said.credits is not None), newest)
    about = next((said for said in says if said.achievement == newest.achievement and describes(said)), newest)
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
