"""Messages of `stepwell.xapi.v1`: one request's statements, or one change of a document.

Key: the source. Headers: CloudEvents, and for statements `stepwell_stated`, which tells whoever follows the log all
that deciding needs, without reading the value: for each statement its id, the digest of its content and its timestamp;
and `stepwell_voided`, where statements void others, the ids of these.
Invariant: reading what was written gives the same frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from struct import Struct
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.ingest.lrs.incoming import DERIVED
from services.ingest.lrs.same import NOT_TIMED, UNKNOWN, Stated
from services.runtime.cloudevents import binary_headers, texts
from services.runtime.producer import Message

STATEMENTS_TYPE = "stepwell.statements.v1"
DOCUMENT_TYPE = "stepwell.document.v1"
STATED = "stepwell_stated"
VOIDED = "stepwell_voided"
_ID_OCTETS = 16
_ENTRY = Struct(">16s32sq")
_encode = msgspec.json.Encoder().encode


class Claim(NamedTuple):
    """One statement as far as deciding goes: its id, and what of it is compared."""

    statement_id: bytes
    stated: Stated


class Attachment(msgspec.Struct, frozen=True, rename="camel"):
    """Data that came along with statements. Base64 in JSON."""

    sha2: str
    content_type: str
    content: bytes


class Statements(msgspec.Struct, frozen=True):
    """The statements of one request, completed but for what the writer sets.

    `is_defining`: what they say of activities is to be learnt (xAPI's scope `define`). `is_awaited`: their sender waits
    to hear what was decided; otherwise what is decided against is kept as refused.
    """

    statements: list[dict[str, Any]]
    attachments: tuple[Attachment, ...] = ()
    is_defining: bool = True
    is_awaited: bool = True


class DocumentKey(msgspec.Struct, frozen=True, rename="camel"):
    """Which document of a source: `resource` is state, agent_profile or activity_profile; "" where there is no part."""

    resource: str
    activity_id: str
    agent: str
    registration: str
    document_id: str


class DocumentChange(msgspec.Struct, frozen=True, rename="camel"):
    """A change that applies only to the document whose ETag is `expected` ("" means: where there is none).

    `etag` "" deletes it.
    """

    key: DocumentKey
    expected: str
    etag: str
    content_type: str = ""
    content: bytes = b""


class Frame(NamedTuple):
    """One message, read: `version` is its place in the log."""

    frame_id: str
    tenant: str
    version: int
    body: Statements | DocumentChange
    claims: Sequence[Claim] = ()


_read_statements = msgspec.json.Decoder(Statements).decode
_read_change = msgspec.json.Decoder(DocumentChange).decode


def statements_body(
    statements: Iterable[bytes],
    attachments: Sequence[Attachment],
    *,
    is_defining: bool = True,
    is_awaited: bool = True,
) -> bytes:
    """`Statements` as JSON, of statements that are JSON already."""
    return b'{"statements":[%b],"attachments":%b,"is_defining":%b,"is_awaited":%b}' % (
        b",".join(statements),
        _encode(attachments),
        _encode(is_defining),
        _encode(is_awaited),
    )


def statements_message(
    topic: str,
    tenant: str,
    frame_id: UUID,
    body: bytes,
    claims: Iterable[Claim],
    *,
    at: datetime,
    traceparent: str | None,
    voided: bytes = b"",
) -> Message:
    """The message for a request's statements. `body`: from `statements_body`; `voided`: ids, one after another."""
    headers = binary_headers(
        event_id=str(frame_id), source=tenant, event_type=STATEMENTS_TYPE, time=at, traceparent=traceparent
    )
    voiding = [(VOIDED, voided)] if voided else []
    return Message(topic, tenant.encode(), body, [*headers, (STATED, pack(claims)), *voiding])


def document_message(topic: str, tenant: str, frame_id: UUID, change: DocumentChange, *, at: datetime) -> Message:
    """The message for the change of a document."""
    headers = binary_headers(event_id=str(frame_id), source=tenant, event_type=DOCUMENT_TYPE, time=at)
    return Message(topic, tenant.encode(), _encode(change), headers)


def pack(claims: Iterable[Claim]) -> bytes:
    """Claims as bytes, 56 each."""
    pack_entry = _ENTRY.pack
    return b"".join([pack_entry(each.statement_id, *each.stated) for each in claims])


def unpack(packed: bytes) -> list[Claim]:
    """What `pack` packed."""
    return [
        Claim(each, DERIVED if digest == UNKNOWN and timestamp == NOT_TIMED else Stated(digest, timestamp))
        for each, digest, timestamp in _ENTRY.iter_unpack(packed)
    ]


class Envelope(NamedTuple):
    """What the headers of a message say."""

    frame_id: str
    tenant: str
    claims: Sequence[Claim]
    voided: Sequence[bytes] = ()


def frame_id_of(headers: Iterable[tuple[str, bytes]]) -> str:
    """The id of a message, "" when it has none."""
    return next((value.decode() for name, value in headers if name == "ce_id"), "")


def envelope(key: bytes | None, headers: Iterable[tuple[str, bytes]]) -> Envelope:
    """What a message says without its value being read."""
    found = dict(headers)
    voided = found.get(VOIDED, b"")
    return Envelope(
        found.get("ce_id", b"").decode(),
        (key or b"").decode(),
        unpack(found.get(STATED, b"")),
        [voided[start : start + _ID_OCTETS] for start in range(0, len(voided), _ID_OCTETS)],
    )


def read_frame(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]], version: int) -> Frame:
    """A message of the log.

    Raises: ValueError (msgspec.DecodeError is one) when it is none of ours.
    """
    pairs = list(headers)
    outside = envelope(key, pairs)
    kind = texts(pairs).get("ce_type")
    if kind == STATEMENTS_TYPE:
        return Frame(outside.frame_id, outside.tenant, version, _read_statements(value or b""), outside.claims)
    if kind == DOCUMENT_TYPE:
        return Frame(outside.frame_id, outside.tenant, version, _read_change(value or b""))
    raise ValueError(f"no frame: ce_type is {kind}")


def stated_by_id(claims: Iterable[Claim]) -> Mapping[bytes, Stated]:
    """What is compared, by statement id."""
    return {claim.statement_id: claim.stated for claim in claims}
