"""A request's body as statements ready to be taken: read, validated, with ids, completed.

Apart from the route so that a test needs no server. A fault in one statement refuses the request as a whole.
Source: xAPI 1.0.3 Communication 1.5, 2.1.1, 2.1.2; Data 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from services.ingest.dialects.xapi.batch import valid_statements
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.identity import statement_id
from services.ingest.lrs.completion import completed
from services.ingest.lrs.frames import Attachment
from services.ingest.lrs.multipart import parcel_in
from services.ingest.lrs.signatures import check_signatures
from services.ingest.lrs.taking import Incoming
from services.runtime.errors import Fault, Rejected

_NONE: Mapping[str, Attachment] = {}


class Arrival(NamedTuple):
    """Statements in the order of the request, and the data that came along."""

    incoming: Sequence[Incoming]
    attachments: Sequence[Attachment]


def arrival_of(
    body: bytes, content_type: str, authority: Mapping[str, Any], *, put_id: UUID | None, is_version_2: bool
) -> Arrival:
    """The statements of a body. `put_id`: the id that a PUT names; then there must be exactly one.

    Raises: Rejected.
    """
    content, attachments = _opened(body, content_type)
    statements = valid_statements(content, is_version_2=is_version_2)
    _check_attachments(statements, attachments, is_version_2=is_version_2)
    if put_id is not None:
        statements = [_with_id(statements, put_id)]
    _refuse_repeated_ids(statements)
    source = authority["account"]["name"]
    version = "2.0.0" if is_version_2 else "1.0.0"
    return Arrival([_incoming(each, source, authority, version) for each in statements], tuple(attachments.values()))


def _opened(body: bytes, content_type: str) -> tuple[bytes, Mapping[str, Attachment]]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return body, _NONE
    if kind == "multipart/mixed":
        parcel = parcel_in(body, content_type)
        return parcel.statements, parcel.attachments
    raise Rejected.because("content_type", "send statements as application/json or multipart/mixed")


def _check_attachments(
    statements: Sequence[Mapping[str, Any]], attachments: Mapping[str, Attachment], *, is_version_2: bool
) -> None:
    """Return when data and descriptions belong together: no data that is not described, none missing."""
    described: set[str] = set()
    for index, statement in enumerate(statements):
        if "attachments" not in statement:
            continue
        for position, each in enumerate(statement["attachments"]):
            described.add(each["sha2"])
            if "fileUrl" not in each and each["sha2"] not in attachments:
                cure = "is required, as the request brings no data with this sha2"
                pointer = f"/attachments/{position}/fileUrl"
                raise Rejected.because("missing", f"attachments.{position}.fileUrl {cure}", pointer, index)
        _check_signatures(statement, attachments, index, is_version_2=is_version_2)
    undescribed = attachments.keys() - described
    if undescribed:
        raise Rejected.because("attachment", f"no statement describes the data with hash {min(undescribed)}")


def _check_signatures(
    statement: Mapping[str, Any], attachments: Mapping[str, Attachment], index: int, *, is_version_2: bool
) -> None:
    try:
        check_signatures(statement, attachments, is_version_2=is_version_2)
    except Wrong as wrong:
        named = ".".join(reversed(wrong.path))
        raise Rejected([Fault(wrong.code, wrong.pointer, f"{named} {wrong.detail}", index)]) from wrong


def _with_id(statements: Sequence[dict[str, Any]], put_id: UUID) -> dict[str, Any]:
    if len(statements) != 1:
        raise Rejected.because("wrong_type", "PUT takes exactly one statement")
    stated = statements[0].get("id")
    if stated is not None and UUID(stated) != put_id:
        raise Rejected.because("statement_id", "id must be the parameter statementId, or left out", "/id", 0)
    return {**statements[0], "id": str(put_id)}


def _refuse_repeated_ids(statements: Sequence[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        stated = statement.get("id", "").lower()
        if stated and stated in seen:
            raise Rejected.because("duplicate", "id is used twice in one request", "/id", index)
        seen.add(stated)


def _incoming(statement: Mapping[str, Any], source: str, authority: Mapping[str, Any], version: str) -> Incoming:
    is_own_id = "id" in statement
    made = _id_of(statement, source)
    return Incoming(made, is_own_id, completed(statement, str(made), authority, version))


def _id_of(statement: Mapping[str, Any], source: str) -> UUID:
    """The statement's id; of its content where it has none, so that a retry is not a second fact.

    Without a timestamp the content cannot tell a retry from the next time that the same happens: then it is a new fact.
    """
    if "id" in statement or "timestamp" in statement:
        return statement_id(statement, source)
    return uuid4()
