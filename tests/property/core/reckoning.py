"""Facts worked out the long way: every record kept, every question answered by looking through all of them.

No code in common with `services.core.holdings`, and no merging: this is the definition that merging must agree with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from services.core.facts import Employed, Enrolled, Excepted, Facts, Held
from services.core.ids import content_bytes

DESCRIPTION = ("name", "type", "level", "tags", "skills", "subject", "term")


def reckoned(records: Sequence[Any]) -> Facts | None:
    """The facts of one worker's records; None where two records share an id, as either may win."""
    if len({record.record_id for record in records}) < len({content_bytes(record) for record in records}):
        return None
    erased = [record.occurred_at for record in records if record.kind == "erasure"]
    left = [record for record in records if not erased or record.occurred_at > max(erased)]
    return Facts(
        awards=tuple(sorted(_awards(left), key=lambda held: held.key)),
        enrolments=tuple(
            Enrolled(said.stack_id, said.stack_version, said.occurred_at)
            for said in _latest(left, "enrolment", lambda said: said.stack_id)
        ),
        exceptions=tuple(
            Excepted(s.stack_id, s.type, s.rule, s.achievement, s.min, s.by, s.why, s.occurred_at)
            for s in _latest(left, "exception", lambda s: (s.stack_id, s.type, s.rule or "", s.achievement or ""))
            if not s.withdrawn
        ),
        employments=tuple(
            Employed(said.employer_id, said.from_, said.to)
            for said in _latest(left, "employment", lambda said: (said.employer_id, said.from_))
        ),
    )


def _latest(records: Iterable[Any], kind: str, identity: Callable[[Any], Any]) -> list[Any]:
    groups: dict[Any, list[Any]] = {}
    for record in records:
        if record.kind == kind:
            groups.setdefault(identity(record), []).append(record)
    return [max(groups[key], key=lambda s: (s.occurred_at, s.record_id.bytes)) for key in sorted(groups)]


def _awards(records: Sequence[Any]) -> Iterable[Held]:
    groups: dict[tuple[str, str], list[Any]] = {}
    for record in records:
        if record.kind in ("award", "completion"):
            groups.setdefault(_identity(record), []).append(record)
    for (issuer, award_id), said in groups.items():
        revocations = [r for r in records if r.kind == "revocation" and (r.issuer_id, r.award_id) == (issuer, award_id)]
        checks = [r for r in records if r.kind == "verification" and (r.issuer_id, r.award_id) == (issuer, award_id)]
        yield from _award(issuer, award_id, sorted(said, key=_newness, reverse=True), revocations, checks)


def _identity(record: Any) -> tuple[str, str]:
    if record.kind == "award":
        return record.issuer_id or record.source, record.award_id or record.achievement.id
    return record.source, f"completion:{record.achievement.id}:{record.attempt_id or record.record_id}"


def _starts(record: Any) -> Any:
    return getattr(record, "valid_from", None)


def _newness(record: Any) -> Any:
    return (_starts(record) or record.occurred_at, record.occurred_at, record.record_id.bytes)


def _award(issuer: str, award_id: str, stated: list[Any], revocations: list[Any], checks: list[Any]) -> Iterable[Held]:
    said = [s for s in stated if not _is_refused(s, checks)] or stated
    is_refused = _is_refused(said[0], checks)
    if said[0].kind == "completion" and not _counts(said):
        return
    said = [one for one in said if not getattr(one, "move_on", None)] or said
    newest = said[0]
    started = next((s for s in said if _starts(s)), None)
    ended = next((s for s in said if _starts(s) or s.valid_until), None)
    result = next((s for s in said if s.grade is not None or (s.score and s.score.scaled is not None)), None)
    credit = next((s for s in said if s.credits), None)
    described = next((s for s in said if s.achievement.id == newest.achievement.id and _described(s)), newest)
    held = Held(
        key=f"{issuer}/{award_id}",
        basis=newest.kind,
        achievement=newest.achievement.id,
        issuer=issuer,
        award_id=award_id,
        earned_at=_starts(started) if started else newest.occurred_at,
        valid_from=_starts(started) if started else None,
        valid_until=ended.valid_until if ended else None,
        trust=newest.trust,
        score=result.score.scaled if result and result.score else None,
        grade=result.grade if result else None,
        credits=credit.credits.value if credit else None,
        unit=credit.credits.unit if credit else None,
        source=newest.source,
        dialect=newest.dialect,
        **{name: getattr(described.achievement, name) for name in DESCRIPTION},
    )
    check = _newest_check(newest, checks)
    if is_refused:
        yield replace(
            held, trust=0, revoked_at=held.earned_at, revoked_reason=f"not authentic: {check.answers.proof.detail}"
        )
        return
    if check is not None:
        held = replace(held, trust=max(newest.trust, check.trust))
    taken_back = [(r.occurred_at, r.record_id.bytes, r.reason or "") for r in revocations]
    for of_it in _by_statement(checks):
        last, told = _newest_of(of_it), [c for c in of_it if c.answers.status.answer is not None]
        counts = check is None or last.verified_record_id == check.verified_record_id
        status = max(told, key=_newness_of_status, default=None)
        if counts and status is not None and status.answers.status.answer is False and not _is_forged(last):
            taken_back.append((_since(status), last.record_id.bytes, _why(status)))
    standing = [revoked for revoked in taken_back if not any(_reinstates(s, revoked[0]) for s in said)]
    if standing:
        at, _, reason = min(standing)
        held = replace(held, revoked_at=at, revoked_reason=reason or None)
    yield held


def _counts(said: list[Any]) -> bool:
    newest = said[0]
    if not (newest.verdict or newest.move_on):
        return bool(newest.success)
    asked = next((one.move_on for one in said if one.move_on), "completed_or_passed")
    judged = [one for one in said if not one.move_on]
    given = {
        name: next((one.success for one in judged if one.verdict == name), False) for name in ("completed", "passed")
    }
    match asked:
        case "completed" | "passed":
            return bool(given[asked])
        case "completed_and_passed":
            return all(given.values())
        case "not_applicable":
            return True
        case _:
            return any(given.values())


def _newest_check(statement: Any, checks: list[Any]) -> Any:
    of_it = [check for check in checks if check.verified_record_id == statement.record_id]
    return _newest_of(of_it) if of_it else None


def _newness_of_status(check: Any) -> Any:
    return (check.checked_at, "" if check.answers.status.answer else _why(check), _since(check))


def _since(check: Any) -> Any:
    return check.status_since or check.checked_at


def _why(check: Any) -> str:
    return f"{check.answers.status.code} by its issuer"


def _newest_of(checks: list[Any]) -> Any:
    return max(checks, key=lambda check: (check.checked_at, check.record_id.bytes))


def _by_statement(checks: list[Any]) -> list[list[Any]]:
    of = {check.verified_record_id for check in checks}
    return [[check for check in checks if check.verified_record_id == each] for each in of]


def _is_refused(statement: Any, checks: list[Any]) -> bool:
    """Its newest check finds another's signature, and none since it was made found one that holds, or none at all."""
    if statement.dialect not in ("open_badges", "open_badges_2", "clr"):
        return False
    of_it = [check for check in checks if check.verified_record_id == statement.record_id]
    if any(c.checked_at >= statement.occurred_at and not _is_forged(c) and _is_told(c) for c in of_it):
        return False
    return bool(of_it) and _is_forged(_newest_check(statement, checks))


def _is_forged(check: Any) -> bool:
    return check.answers.proof.answer is False and check.answers.proof.code != "unsigned"


def _is_told(check: Any) -> bool:
    return check.answers.proof.answer is not None


def _described(record: Any) -> bool:
    return any(getattr(record.achievement, name) not in (None, ()) for name in DESCRIPTION)


def _reinstates(statement: Any, revoked_at: Any) -> bool:
    starts = _starts(statement)
    return bool(starts and starts > revoked_at and statement.occurred_at > revoked_at)
