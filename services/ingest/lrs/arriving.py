"""A request's body as statements ready to be taken: read, validated, with ids, completed.

Apart from the route so that a test needs no server. A fault in one statement refuses the request as a whole.
Source: xAPI 1.0.3 Communication 1.5, 2.1.1, 2.1.2; Data 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.ingest.dialects.xapi.batch import valid_statements
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.identity import Naming
from services.ingest.lrs.completion import Authority, authority_of, completed
from services.ingest.lrs.frames import Attachment
from services.ingest.lrs.incoming import DERIVED, Incoming
from services.ingest.lrs.multipart import parcel_in
from services.ingest.lrs.same import stated
from services.ingest.lrs.signatures import check_signatures
from services.ingest.lrs.swift import Swift
from services.ingest.lrs.terms import reference
from services.runtime.errors import Fault, Rejected

_NONE: Mapping[str, Attachment] = {}
_encode = msgspec.json.Encoder().encode


class Arrival(NamedTuple):
    """Statements in the order of the request, and the data that came along.

    `untimed`: those that give neither an id nor when they happened, completed but for the id, and as they came, by
    their index.
    """

    incoming: Sequence[Incoming]
    attachments: Sequence[Attachment]
    untimed: Mapping[int, tuple[dict[str, Any], Mapping[str, Any]]]


class Reader:
    """Reads the requests of one version of xAPI. `home_page`: where the accounts that stand for credentials are."""

    def __init__(self, home_page: str, *, is_version_2: bool) -> None:
        self._home_page = home_page
        self._is_version_2 = is_version_2
        self._version = "2.0.0" if is_version_2 else "1.0.0"
        self._swift = Swift(is_version_2=is_version_2)

    def read(
        self, body: bytes, content_type: str, sender: Authority, naming: Naming, put_id: UUID | None = None
    ) -> Arrival:
        """The statements of a body. `put_id`: the id that a PUT names; then there must be exactly one.

        Raises: Rejected.
        """
        authority = authority_of(sender, self._home_page)
        content, attachments = _opened(body, content_type)
        if put_id is None and not attachments:
            incoming = self._swift.read(content, sender.source, _encode(authority))
            if incoming is not None:
                return Arrival(incoming, (), {})
        return self.read_whole(content, attachments, authority, naming, put_id)

    def read_whole(
        self,
        content: bytes,
        attachments: Mapping[str, Attachment],
        authority: Mapping[str, Any],
        naming: Naming,
        put_id: UUID | None = None,
    ) -> Arrival:
        """The same the long way: every statement is taken apart as a whole, and every fault is told.

        Raises: Rejected.
        """
        statements = valid_statements(content, is_version_2=self._is_version_2)
        _check_attachments(statements, attachments, is_version_2=self._is_version_2)
        if put_id is not None:
            statements = [_with_id(statements, put_id)]
        _refuse_repeated_ids(statements)
        whole = [completed(each, authority, self._version) for each in statements]
        incoming = [_incoming(naming.name(each), each, kept) for each, kept in zip(statements, whole, strict=True)]
        untimed = {
            index: (whole[index], each)
            for index, each in enumerate(statements)
            if "id" not in each and "timestamp" not in each
        }
        return Arrival(incoming, tuple(attachments.values()), untimed)


def with_good_ids(arrival: Arrival, naming: Naming, voided: Callable[[Iterable[UUID]], Collection[UUID]]) -> Arrival:
    """The same, no statement having an id made of its content and day that is the id of a voided statement.

    What was voided and is said again, not being the same by its id or its time, is said anew. `voided`: which of some
    statements are. Blocking where `voided` is.
    """
    incoming, unsure = list(arrival.incoming), list(arrival.untimed)
    while unsure:
        gone = {each.bytes for each in voided(UUID(bytes=incoming[index].statement_id) for index in unsure)}
        unsure = [index for index in unsure if incoming[index].statement_id in gone]
        for index in unsure:
            kept, sent = arrival.untimed[index]
            incoming[index] = _incoming(naming.name(sent), sent, kept)
    return arrival._replace(incoming=incoming)


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


def _incoming(made: UUID, sent: Mapping[str, Any], kept: Mapping[str, Any]) -> Incoming:
    name = str(made)
    body = _encode({**kept, "id": name})
    target, is_voiding = reference(sent)
    voided = target.bytes if is_voiding else b""
    return Incoming(made.bytes, name, body, stated(sent) if "id" in sent else DERIVED, voided)
