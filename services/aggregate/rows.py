"""Rows of ClickHouse's tables: which columns, in which order, and how a domain value is written in them.

Instants are integers, microseconds since 1970, and a record's body stays bytes: both are what the client writes
fastest. Rows are tuples while they are made and columns when they are inserted. Columns are those of
deploy/clickhouse/migrations (tests/contract would say if they differ).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from msgspec.json import Encoder
from pydantic import TypeAdapter

from schemas.catalog import Offered
from schemas.progress import Advice, Progress
from services.core.facts import Employed, Held
from services.runtime.epochs import OFFSET_BITS

Row = tuple[Any, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "records": (
        "record_id",
        "worker_id",
        "kind",
        "achievement_id",
        "issuer_id",
        "award_id",
        "occurred_at",
        "received_at",
        "source",
        "dialect",
        "body",
        "version",
    ),
    "awards": (
        "employer_id",
        "worker_id",
        "issuer_id",
        "award_id",
        "basis",
        "achievement_id",
        "achievement_name",
        "type",
        "level",
        "skills",
        "credits_value",
        "credits_unit",
        "score_scaled",
        "grade",
        "trust",
        "valid_from",
        "valid_until",
        "revoked_at",
        "revoked_reason",
        "source",
        "version",
        "is_deleted",
    ),
    "progress": (
        "employer_id",
        "stack_id",
        "worker_id",
        "stack_version",
        "status",
        "complete",
        "progress",
        "missing",
        "missing_achievements",
        "next_steps",
        "awards_to_finish",
        "finish_with",
        "allocation",
        "advice",
        "proof",
        "next_change_at",
        "completed_at",
        "as_of",
        "version",
        "is_deleted",
    ),
    "employments": ("employer_id", "worker_id", "started_at", "ended_at", "version", "is_deleted"),
}

FIRST_EPOCH = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_json = Encoder().encode
_advice_json = TypeAdapter(tuple[Advice, ...]).dump_json


class Tables(Protocol):
    """Whatever has rows for each table, such as `Changes`."""

    @property
    def records(self) -> Sequence[Row]:
        """Rows of `records`."""

    @property
    def awards(self) -> Sequence[Row]:
        """Rows of `awards`."""

    @property
    def progress(self) -> Sequence[Row]:
        """Rows of `progress`."""

    @property
    def employments(self) -> Sequence[Row]:
        """Rows of `employments`."""


def columns_of(table: str, tables: Tables) -> tuple[tuple[str, ...], list[Row]]:
    """The names and the columns of what is to be inserted into a table; no columns when there are no rows."""
    return COLUMNS[table], list(zip(*getattr(tables, table), strict=True))


def is_of_first_log(version: int) -> bool:
    """Whether no log came before the one that this row version is from, so that every row there is follows from it."""
    return version >> OFFSET_BITS <= FIRST_EPOCH


def micros(instant: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def record_row(record: Any, body: bytes, version: int) -> Row:
    """One row a record; `body` is the record as it is on the log."""
    occurred = micros(record.occurred_at)
    return (
        record.record_id,
        record.worker_id or "",
        record.kind,
        *_subject(record),
        occurred,
        occurred if record.received_at is None else micros(record.received_at),
        record.source or "",
        record.dialect or "",
        body,
        version,
    )


def _subject(record: Any) -> tuple[str, str, str]:
    """What a record is about: achievement, issuer and award, as far as its kind names them."""
    kind = record.kind
    if kind == "completion":
        return record.achievement.id, "", ""
    if kind == "award":
        return record.achievement.id, record.issuer_id or "", record.award_id or ""
    if kind in ("revocation", "verification"):
        return "", record.issuer_id, record.award_id
    return (record.achievement or "") if kind == "exception" else "", "", ""


def award_row(worker_id: str, held: Held, offered: Offered | None, version: int) -> Row:
    """An award for nobody yet: put an employer before it. What the catalog says of an achievement goes first."""
    credit = offered.credits if offered and held.credits is None else None
    level = held.level if offered is None or offered.level is None else offered.level
    return (
        worker_id,
        held.issuer,
        held.award_id,
        held.basis,
        held.achievement,
        (offered and offered.name) or held.name or "",
        (offered and offered.type) or held.type or "",
        "" if level is None else str(level),
        (offered and offered.skills) or held.skills,
        credit.value if credit else held.credits,
        (credit.unit if credit else held.unit) or "",
        held.score,
        held.grade or "",
        held.trust,
        micros(held.earned_at),
        held.valid_until and micros(held.valid_until),
        held.revoked_at and micros(held.revoked_at),
        held.revoked_reason or "",
        held.source,
        version,
        0,
    )


def award_gone(worker_id: str, issuer_id: str, award_id: str, version: int) -> Row:
    """The award is no longer shown: put the employer before it."""
    what_was = ("", "", "", "", "", (), None, "", None, "", 0, 0, None, None, "", "")
    return (worker_id, issuer_id, award_id, *what_was, version, 1)


def progress_row(progress: Progress, version: int) -> Row:
    """A worker's progress on a stack for nobody yet: put an employer before it."""
    missing = progress.missing
    return (
        progress.stack_id,
        progress.worker_id,
        progress.stack_version,
        progress.status,
        int(progress.complete),
        progress.progress,
        _json([part.__dict__ for part in missing]),
        tuple(dict.fromkeys(option for part in missing for option in part.options)),
        progress.next_steps,
        progress.awards_to_finish or 0,
        progress.finish_with,
        _json(progress.allocation),
        b"" if progress.advice is None else _advice_json(progress.advice),
        progress.proof,
        progress.next_change_at and micros(progress.next_change_at),
        progress.completed_at and micros(progress.completed_at),
        micros(progress.as_of),
        version,
        0,
    )


def progress_gone(worker_id: str, stack_id: str, as_of: datetime, version: int) -> Row:
    """The stack no longer concerns the worker, or the worker no longer the employer: put the employer before it."""
    what_was = ("", "", 0, 0.0, b"[]", (), (), 0, (), b"{}", b"", "", None, None)
    return (stack_id, worker_id, *what_was, micros(as_of), version, 1)


def employment_row(worker_id: str, employed: Employed, version: int, *, is_deleted: bool) -> Row:
    """An employment as the employer sees it."""
    ended = employed.ended_at and micros(employed.ended_at)
    return (employed.employer_id, worker_id, micros(employed.started_at), ended, version, int(is_deleted))
