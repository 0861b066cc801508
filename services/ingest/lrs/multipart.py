"""Statements with their attachments as multipart/mixed, in and out.

Source: xAPI 1.0.3 Communication 1.5.2; RFC 2046, section 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.message import Message
from hashlib import sha224, sha256, sha384, sha512
from typing import NamedTuple

from services.ingest.lrs.frames import Attachment
from services.runtime.errors import Rejected

HASH_HEADER = "x-experience-api-hash"
_CRLF = b"\r\n"
_SHA2 = {56: sha224, 64: sha256, 96: sha384, 128: sha512}


class Part(NamedTuple):
    """One part: header values by lower-case name, and the content as it came."""

    headers: Mapping[str, str]
    content: bytes


class Parcel(NamedTuple):
    """A multipart request taken apart: the bytes of its statements, and the data by the hash in its header."""

    statements: bytes
    attachments: Mapping[str, Attachment]


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type header names.

    Raises: Rejected when it names none.
    """
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise Rejected.because("boundary", "multipart/mixed needs a boundary parameter")
    return boundary.encode("latin-1", "replace")


def parcel_in(body: bytes, content_type: str) -> Parcel:
    """The statements and attachments of a multipart body.

    Raises: Rejected when the parts are not as they must be.
    """
    parts = parts_of(body, boundary_of(content_type))
    first, *others = parts
    if first.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Rejected.because("content_type", "the first part holds the statements and must be application/json")
    attachments: dict[str, Attachment] = {}
    for position, part in enumerate(others, start=2):
        attachment = _attachment(part, position)
        attachments[attachment.sha2] = attachment
    return Parcel(first.content, attachments)


def parts_of(body: bytes, boundary: bytes) -> list[Part]:
    """The parts between the boundaries, at least one.

    Raises: Rejected when the body is not multipart.
    """
    pieces = re.split(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(?=--|[ \t]*\r?\n)", body)
    inner = pieces[1:]
    closing = next((number for number, piece in enumerate(inner) if piece.startswith(b"--")), None)
    if not inner or closing in (None, 0):
        raise Rejected.because("multipart", "the body has no parts between the boundaries of its Content-Type")
    return [_part(piece) for piece in inner[:closing]]


def _part(piece: bytes) -> Part:
    head, separator, content = re.sub(rb"^[ \t]*\r?\n", b"", piece, count=1).partition(b"\r\n\r\n")
    if not separator:
        head, separator, content = re.sub(rb"^[ \t]*\r?\n", b"", piece, count=1).partition(b"\n\n")
    if not separator:
        raise Rejected.because("multipart", "a part has no empty line between its headers and its content")
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return Part(headers, content)


def _attachment(part: Part, position: int) -> Attachment:
    sha2 = part.headers.get(HASH_HEADER, "")
    if not sha2:
        raise Rejected.because("hash", f"part {position} needs the header X-Experience-API-Hash")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Rejected.because("encoding", f"part {position} needs the header Content-Transfer-Encoding: binary")
    if not is_digest(sha2, part.content):
        raise Rejected.because("hash", f"part {position} is not the data whose SHA-2 X-Experience-API-Hash gives")
    return Attachment(sha2, part.headers.get("content-type", "application/octet-stream"), part.content)


def is_digest(sha2: str, content: bytes) -> bool:
    """Whether that is a SHA-2 of the content, in hexadecimal; which of the family, its length says."""
    algorithm = _SHA2.get(len(sha2))
    return algorithm is not None and algorithm(content).hexdigest() == sha2.lower()


def multipart(json: bytes, attachments: Iterable[Attachment]) -> tuple[bytes, str]:
    """A multipart/mixed body, and its media type with the boundary.

    The boundary is made of all that is between, so nobody can send an attachment that holds it.
    """
    parts = [b"Content-Type: application/json\r\n\r\n" + json]
    parts.extend(_rendered(each) for each in attachments)
    boundary = f"stepwell-{sha256(_CRLF.join(parts)).hexdigest()[:40]}"
    opening = b"--" + boundary.encode() + _CRLF
    body = b"".join(opening + part + _CRLF for part in parts) + b"--" + boundary.encode() + b"--" + _CRLF
    return body, f"multipart/mixed; boundary={boundary}"


def _rendered(attachment: Attachment) -> bytes:
    headers = (
        f"Content-Type: {attachment.content_type}\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        f"X-Experience-API-Hash: {attachment.sha2}\r\n\r\n"
    )
    return headers.encode("latin-1", "replace") + attachment.content
