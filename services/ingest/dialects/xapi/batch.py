"""A payload of statements, as POST and PUT bring it: one statement or an array, taken as a whole or not at all.

Source: xAPI 1.0.3 Communication 2.1.1, 2.1.2 (one bad statement refuses the request).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.records import Record
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.ingest.dialects.xapi.identity import Naming
from services.ingest.dialects.xapi.meaning import record_of
from services.ingest.dialects.xapi.rules import fault_of
from services.ingest.documents import decoded
from services.runtime.errors import Fault, Rejected


class Translation(NamedTuple):
    """The ids of all statements, in order, and the records that some of them mean, each with its statement's index."""

    ids: list[UUID]
    records: list[tuple[int, Record]]


def statements_in(payload: bytes, *, is_version_2: bool) -> list[dict[str, Any]]:
    """The valid statements of a payload, in order.

    Raises: Rejected with the first fault of every faulty statement.
    """
    statements = valid_statements(payload, is_version_2=is_version_2)
    faults = [
        Fault(fault.code, fault.pointer, fault.detail, index)
        for index, statement in enumerate(statements)
        if (fault := _unmatched_attachment(statement)) is not None
    ]
    if faults:
        raise Rejected(faults)
    return statements


def valid_statements(payload: bytes, *, is_version_2: bool) -> list[dict[str, Any]]:
    """The valid statements of a payload, in order, whether or not the data of their attachments is somewhere.

    Raises: Rejected with the first fault of every faulty statement.
    """
    statements = _as_list(payload)
    faults = [
        Fault(fault.code, fault.pointer, fault.detail, index)
        for index, statement in enumerate(statements)
        if (fault := fault_of(statement, is_version_2=is_version_2)) is not None
    ]
    if faults:
        raise Rejected(faults)
    return statements


def translate(
    statements: list[dict[str, Any]], *, source: str, received_at: datetime, meanings: Meanings = EMPTY_MEANINGS
) -> Translation:
    """The ids and records of valid statements.

    Raises: Rejected when two statements have one id, or a text is too long for a record.
    """
    naming = Naming(source, received_at.date())
    ids = [naming.name(statement) for statement in statements]
    _refuse_repeated_ids(statements)
    records: list[tuple[int, Record]] = []
    for index, statement in enumerate(statements):
        try:
            record = record_of(statement, ids[index], source=source, received_at=received_at, meanings=meanings)
        except Rejected as refusal:
            first = refusal.first
            raise Rejected([Fault(first.code, first.pointer, first.detail, index)]) from refusal
        if record is not None:
            records.append((index, record))
    return Translation(ids, records)


def _as_list(payload: bytes) -> list[Any]:
    document = decoded(payload)
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        return [document]
    raise Rejected.because("wrong_type", "send one statement, or an array of statements")


def _unmatched_attachment(statement: Mapping[str, Any]) -> Fault | None:
    for position, attachment in enumerate(statement.get("attachments", ())):
        if "fileUrl" not in attachment:
            cure = "is required, as the request brings no attachment data"
            return Fault("missing", f"/attachments/{position}/fileUrl", f"attachments.{position}.fileUrl {cure}")
    return None


def _refuse_repeated_ids(statements: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        stated = statement.get("id", "").lower()
        if stated and stated in seen:
            raise Rejected.because("duplicate", "id is used twice in one request", "/id", index)
        seen.add(stated)
