"""Records as tests want them: `award(achievement="a+")` is a settled record of worker "w" on day 0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.records import record_adapter
from schemas.verification import Answers
from services.core.settle import settle

QUESTIONS = tuple(Answers.model_fields)
EPOCH = datetime(2025, 6, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """The instant `number` days after the tests' day 0."""
    return EPOCH + timedelta(days=number)


def stated(kind: str, *, on: float = 0, **members: Any) -> Any:
    """A record as its source sent it, `occurred_at` on day `on`; `achievement` may be a bare id."""
    if isinstance(members.get("achievement"), str) and kind != "exception":
        members["achievement"] = {"id": members["achievement"]}
    if "account" not in members:
        members.setdefault("worker_id", "w")
    fields = {"kind": kind, "source": "acme", "occurred_at": day(on), **members}
    return record_adapter.validate_python(fields, strict=False)


def settled(kind: str, *, on: float = 0, trust_cap: int = 4, **members: Any) -> Any:
    """The same, settled as ingest would."""
    record = stated(kind, on=on, **members)
    return settle(record, source=record.source or "acme", received_at=day(on), trust_cap=trust_cap)


def award(achievement: Any = "a", *, award_id: str | None = "1", issuer_id: str | None = "acme", **more: Any) -> Any:
    """An award of an achievement, a bare id or a whole object."""
    return settled("award", achievement=achievement, award_id=award_id, issuer_id=issuer_id, **more)


def completion(achievement: Any = "a", **more: Any) -> Any:
    """A successful completion unless told otherwise."""
    return settled("completion", achievement=achievement, **more)


def revocation(*, award_id: str = "1", issuer_id: str = "acme", **more: Any) -> Any:
    """The award taken back."""
    return settled("revocation", award_id=award_id, issuer_id=issuer_id, **more)


def verification(
    of: Any = None, *, award_id: str = "1", issuer_id: str = "acme", trust: int = 2, on: float = 1, **answers: Any
) -> Any:
    """What a check on day `on` came to of a record (an award by itself when none is given): all true but these answers.

    An answer is true, false or None, or a pair of that and its code.
    """
    of = award() if of is None else of
    return settled(
        "verification",
        on=on,
        issuer_id=issuer_id,
        award_id=award_id,
        verified_record_id=of.record_id,
        trust=trust,
        answers={name: answer_of(answers.get(name, True), on) for name in QUESTIONS},
        checked_at=day(on),
        status_since=answers.get("status_since"),
    )


def answer_of(answer: Any, on: float) -> dict[str, Any]:
    """An answer given on that day, from true, false or None, or a pair of that and its code."""
    said, code = answer if isinstance(answer, tuple) else (answer, str(answer).lower())
    return {"answer": said, "code": code, "detail": f"it is {code}", "checked_at": day(on)}


def enrolment(stack_id: str = "s", **more: Any) -> Any:
    """The worker sets out on a stack."""
    return settled("enrolment", stack_id=stack_id, **more)


def employment(employer_id: str = "e", *, start: float = 0, end: float | None = None, **more: Any) -> Any:
    """With the employer from day `start` until day `end`."""
    span: dict[str, Any] = {"from": day(start), "to": None if end is None else day(end)}
    return settled("employment", employer_id=employer_id, **span, **more)


def exception(stack_id: str = "s", *, type: str = "waive", **more: Any) -> Any:  # noqa: A002
    """A registrar's exception."""
    return settled("exception", stack_id=stack_id, type=type, **{"by": "registrar", "why": "because", **more})


def erasure(**more: Any) -> Any:
    """All before it is to be forgotten."""
    return settled("erasure", **more)


def link(name: str, worker_id: str, **more: Any) -> Any:
    """The account `name@example.org` is worker `worker_id`."""
    return settled("link", account=account(name), worker_id=worker_id, **more)


def account(name: str) -> dict[str, str]:
    """The e-mail account of `name`."""
    return {"mbox": f"mailto:{name}@example.org"}
