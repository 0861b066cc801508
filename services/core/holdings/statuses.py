"""Enrolments, employments and exceptions: for each identity the newest statement, and nothing else, holds.

Identities: an enrolment is its stack; an employment its employer and first day (the newest statement says when it
ended); an exception what it decides about (stack, rule, type, achievement; the newest says how, by whom, and whether
it is withdrawn). A withdrawal is kept as a statement, so it holds against an older decision that arrives later.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from schemas.records import Employment, Enrolment, ExceptionType, RegistrarException
from services.core.facts import Employed, Enrolled, Excepted
from services.core.holdings.registers import id_bytes
from services.core.mappings import NO_MAPPINGS, Mappings


class Enrolling(Struct, frozen=True, gc=False, array_like=True):
    """One record that the worker set out on a stack."""

    at: datetime
    record_id: bytes
    stack_id: str
    stack_version: str | None
    dialect: str = ""
    source: str = ""


class Employing(Struct, frozen=True, gc=False, array_like=True):
    """One record that the worker is with an employer."""

    at: datetime
    record_id: bytes
    employer_id: str
    started_at: datetime
    ended_at: datetime | None


class Deciding(Struct, frozen=True, gc=False, array_like=True):
    """One record of a registrar's decision, or of its withdrawal."""

    at: datetime
    record_id: bytes
    stack_id: str
    type: ExceptionType
    rule: str | None
    achievement: str | None
    min: float | None
    withdrawn: bool
    by: str
    why: str


def of_enrolment(record: Enrolment) -> tuple[str, Enrolling]:
    """The register that the record makes on its own, and its key."""
    said = Enrolling(
        record.occurred_at,
        id_bytes(record.record_id),
        record.stack_id,
        record.stack_version,
        record.dialect or "",
        record.source or "",
    )
    return record.stack_id, said


def of_employment(record: Employment) -> tuple[str, Employing]:
    """The register that the record makes on its own, and its key."""
    said = Employing(record.occurred_at, id_bytes(record.record_id), record.employer_id, record.from_, record.to)
    return f"{record.employer_id}\n{record.from_.isoformat()}", said


def of_exception(record: RegistrarException) -> tuple[str, Deciding]:
    """The register that the record makes on its own, and its key."""
    said = Deciding(
        at=record.occurred_at,
        record_id=id_bytes(record.record_id),
        stack_id=record.stack_id,
        type=record.type,
        rule=record.rule,
        achievement=record.achievement,
        min=record.min,
        withdrawn=record.withdrawn,
        by=record.by,
        why=record.why,
    )
    return "\n".join([record.stack_id, record.type, record.rule or "", record.achievement or ""]), said


def enrolled(said: Enrolling, mappings: Mappings = NO_MAPPINGS) -> Enrolled:
    """The enrolment as rules see it: in the stack that the source's id means here."""
    meant = mappings.of(said.dialect, said.stack_id, said.source) if mappings else None
    return Enrolled(said.stack_id if meant is None else meant.achievement, said.stack_version, said.at)


def employed(said: Employing) -> Employed:
    """The employment as rules see it."""
    return Employed(said.employer_id, said.started_at, said.ended_at)


def excepted(said: Deciding) -> Excepted | None:
    """The exception as rules see it; None when it is withdrawn."""
    if said.withdrawn:
        return None
    return Excepted(said.stack_id, said.type, said.rule, said.achievement, said.min, said.by, said.why, said.at)
