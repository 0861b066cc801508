"""What verifications say of an award's statements: one register a statement, the newest check holds.

A check is about one statement, the record that was made of one credential's bytes. So a forged copy that is refused
takes nothing from the true credential, which is another record; and it may arrive before what it is about. From a
check follow three things: how far the statement is trusted, that it is refused, that its issuer took it back.

Once a signature was found to hold, the bytes are the signer's for ever: `sure_at` keeps the last such check, and no
later check refuses them. It counts only for statements made by then, so that an erasure which takes the check takes
the statement, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from schemas.records import Verification
from schemas.verification import Answers
from services.core.facts import Held
from services.core.holdings.registers import id_bytes, newest

CREDENTIALS = frozenset(("open_badges", "open_badges_2", "clr"))
"""Dialects whose records are of one credential each, which can turn out to be forged."""
UNSIGNED = "unsigned"
"""Code of the proof's answer where there is none: such a credential is as good as its sender's word."""
TAKEN_BACK = {"revoked": "revoked by its issuer", "suspended": "suspended by its issuer"}


class Told(Struct, frozen=True, gc=False, array_like=True, order=True):
    """What a status that could be told was found to be: in force (`reason` is ""), or taken back, and since when."""

    at: datetime
    reason: str
    since: datetime


class Check(Struct, frozen=True, gc=False, array_like=True):
    """The newest check of one statement, by its record's id. `refusal` is a reason, "" for no.

    `told` is of the newest check that could tell the status: a list that cannot be had gives nothing back.
    """

    of: bytes
    at: datetime
    record_id: bytes
    trust: int
    refusal: str = ""
    told: Told | None = None
    sure_at: datetime | None = None


class Statement(Protocol):
    """A statement, as far as checks are concerned."""

    @property
    def record_id(self) -> bytes:
        """Its record's id."""

    @property
    def occurred_at(self) -> datetime:
        """When it was made."""

    @property
    def held(self) -> Held:
        """What it says."""


def of_verification(record: Verification) -> Check:
    """The check that the record gives."""
    answers = record.answers
    return Check(
        of=id_bytes(record.verified_record_id),
        at=record.checked_at,
        record_id=id_bytes(record.record_id),
        trust=record.trust,
        refusal=refusal_of(answers),
        told=_told(record),
        sure_at=record.checked_at if answers.proof.answer or answers.proof.code == UNSIGNED else None,
    )


def _told(record: Verification) -> Told | None:
    status = record.answers.status
    if status.answer is None:
        return None
    reason = "" if status.answer else TAKEN_BACK.get(status.code, status.code)
    return Told(record.checked_at, reason, record.status_since or record.checked_at)


def refusal_of(answers: Answers) -> str:
    """Why a credential with these answers is refused: it is signed, and the signature is of other words; else ""."""
    proof = answers.proof
    return f"not authentic: {proof.detail}" if proof.answer is False and proof.code != UNSIGNED else ""


def joined(ours: tuple[Check, ...], theirs: tuple[Check, ...]) -> tuple[Check, ...]:
    """The newest of both for each statement, by statement. Returns `ours` itself when `theirs` adds nothing."""
    by_statement: dict[bytes, Check] = {check.of: check for check in ours}
    for check in theirs:
        known = by_statement.get(check.of)
        by_statement[check.of] = check if known is None else _newer(known, check)
    found = tuple(by_statement[of] for of in sorted(by_statement))
    return ours if found == ours else found


def surviving(known_checks: tuple[Check, ...], erased_at: datetime) -> tuple[Check, ...]:
    """What is left after all that was said up to `erased_at` is gone."""
    return tuple(
        replace(
            check,
            told=None if check.told is None or check.told.at <= erased_at else check.told,
            sure_at=None if check.sure_at is None or check.sure_at <= erased_at else check.sure_at,
        )
        for check in known_checks
        if check.at > erased_at
    )


def find(statement: Statement, known_checks: Iterable[Check]) -> Check | None:
    """The check about a statement; None while there is none."""
    return next((check for check in known_checks if check.of == statement.record_id), None)


def is_sure(statement: Statement, known_checks: Iterable[Check]) -> bool:
    """Whether the statement can no longer be refused."""
    if statement.held.dialect not in CREDENTIALS:
        return True
    check = find(statement, known_checks)
    return check is not None and check.sure_at is not None and check.sure_at >= statement.occurred_at


def is_refused(statement: Statement, known_checks: Iterable[Check]) -> bool:
    """Whether the statement is a forgery, as far as is known."""
    check = find(statement, known_checks)
    return check is not None and bool(check.refusal) and not is_sure(statement, known_checks)


def _newer(one: Check, other: Check) -> Check:
    later = newest(one, other)
    told = max((check.told for check in (one, other) if check.told is not None), default=None)
    sure_at = max((check.sure_at for check in (one, other) if check.sure_at is not None), default=None)
    return later if (later.told, later.sure_at) == (told, sure_at) else replace(later, told=told, sure_at=sure_at)


def taken_back(newest_statement: Statement, known_checks: Iterable[Check]) -> list[tuple[Told, bytes]]:
    """The issuer's taking the award back, each with a record's id, given its newest statement that is believed.

    A credential that was issued anew is the newest statement, and once it was checked its own status counts: that the
    issuer took the old one back is no loss. What was said anew without a check undoes nothing.
    """
    check = find(newest_statement, known_checks)
    found = known_checks if check is None else (check,)
    return [
        (each.told, each.record_id) for each in found if each.told is not None and each.told.reason and not each.refusal
    ]
