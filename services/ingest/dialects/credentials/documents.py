"""One payload taken apart into its documents: credentials as JSON or compact JWS, alone, several, or baked in an image.

Apart from what they mean because every credential dialect is sent alike. Each document keeps the bytes that it was sent
as, since they are what a signature is over and what its digest is of. A JWS is decoded, not checked.
Source: Open Badges 3.0, 8.2.4 (JWT claims); W3C Verifiable Credentials Data Model 1.1, 6.3.1; RFC 7515, 7.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from services.core import base64url
from services.ingest.documents import decoded
from services.ingest.verify.pictures import PNG, credential_in
from services.runtime.errors import Fault, Rejected

JWS_TYPES = frozenset(("application/vc+jwt", "application/vc+ld+json+jwt", "application/jwt", "application/jose"))
JSON_TYPE = "application/json"
JWS_TYPE = "application/vc+jwt"
INVALID_JWS = "invalid_jws"
_JWS = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*").fullmatch
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_MAX_DEPTH = 100
_CLAIMS = {"iss": "issuer", "jti": "id"}
_DATES = {"nbf": "validFrom", "exp": "validUntil"}


@dataclass(frozen=True, slots=True)
class Document:
    """One document, decoded. `original` is the text that it was sent as; `index` its place, where several were sent."""

    value: Any
    original: bytes
    index: int | None
    media_type: str
    pointer: str = ""
    """Where the credential is in what was decoded: below `vc` in tokens of the older form."""

    @property
    def digest(self) -> str:
        """Digest of the original, as records give it for evidence."""
        return f"sha-256:{sha256(self.original).hexdigest()}"


def documents_in(payload: bytes) -> Iterator[Document]:
    """The documents of a payload, in order.

    Raises: Rejected when the payload, or an item of it, is neither JSON nor a compact JWS.
    """
    text = (_baked_in(payload) or payload).strip()
    if not text:
        raise Rejected.because("empty", "the payload is empty; send a credential, as JSON or as compact JWS")
    if not text.startswith(b"["):
        yield document_of(text)
        return
    for index, item in enumerate(_items(text)):
        yield document_of(item, index)


def is_picture(payload: bytes) -> bool:
    """Whether this is a picture, by how it begins: nothing else that is taken in begins so."""
    return payload.startswith(PNG) or payload.lstrip()[:1] == b"<"


def _baked_in(payload: bytes) -> bytes | None:
    """The credential that a picture holds; None when this is no picture.

    Raises: Rejected when the picture holds none, or only the address of one.
    """
    text = credential_in(payload)
    if text is not None and text.startswith((b"http://", b"https://")):
        cure = "the picture holds only the address of a hosted assertion; send the assertion that is there"
        raise Rejected.because("hosted", cure)
    return text


def document_of(text: bytes, index: int | None = None) -> Document:
    """One text as a document.

    Raises: Rejected with code `invalid_json` or `invalid_jws`.
    """
    compact = text[1:-1] if text.startswith(b'"') and text.endswith(b'"') else text
    if _JWS(compact):
        return _decoded_jws(compact, index)
    try:
        value = decoded(text)
    except Rejected as refusal:
        raise _at(index, refusal) from refusal
    _check_depth(value, index)
    return Document(value, text, index, JSON_TYPE)


def _items(text: bytes) -> list[bytes]:
    try:
        return [bytes(item).strip() for item in _ITEMS.decode(text)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected.because("invalid_json", f"this is no JSON: {error}") from error


def _decoded_jws(compact: bytes, index: int | None) -> Document:
    header, claims, _ = compact.split(b".")
    parts = [_part(part, name, index) for part, name in ((header, "header"), (claims, "payload"))]
    _check_depth(parts[1], index)
    value, pointer = _credential_of(parts[1])
    return Document(value, compact, index, JWS_TYPE, pointer)


def _part(part: bytes, name: str, index: int | None) -> dict[str, Any]:
    try:
        value = decoded(base64url.decoded(part))
    except (ValueError, Rejected) as error:
        raise _invalid_jws(f"its {name} is no JSON in base64url", index) from error
    if not isinstance(value, dict):
        raise _invalid_jws(f"its {name} is no JSON object", index)
    return value


def _credential_of(claims: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The credential that claims hold, in either form, with what only the claims say filled in; and where it is."""
    within = claims.get("vc")
    whole: dict[str, Any] = within if isinstance(within, dict) else claims
    said = {member: claims[claim] for claim, member in _CLAIMS.items() if isinstance(claims.get(claim), str)}
    dates = {member: text for claim, member in _DATES.items() if (text := _instant(claims.get(claim)))}
    if "issuanceDate" in whole:
        dates.pop("validFrom", None)
    if "expirationDate" in whole:
        dates.pop("validUntil", None)
    filled = {**said, **dates, **whole}
    if "credentialSubject" not in whole:
        return whole, ""
    return _with_subject(filled, claims.get("sub")), "/vc" if isinstance(within, dict) else ""


def _with_subject(credential: dict[str, Any], sub: Any) -> dict[str, Any]:
    subject = credential.get("credentialSubject")
    if isinstance(subject, dict) and isinstance(sub, str) and sub and "id" not in subject:
        return credential | {"credentialSubject": {"id": sub, **subject}}
    return credential


def _instant(seconds: Any) -> str | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _check_depth(value: Any, index: int | None) -> None:
    """Refuse what is nested deeper than any credential is, so that nothing that walks it exhausts the stack."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            raise Rejected.because("too_deep", f"a credential is nested {_MAX_DEPTH} deep at most", "", index)
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]


def _at(index: int | None, refusal: Rejected) -> Rejected:
    return Rejected([Fault(fault.code, fault.pointer, fault.detail, index) for fault in refusal.faults])


def _invalid_jws(detail: str, index: int | None) -> Rejected:
    return Rejected.because(INVALID_JWS, f"this is no compact JWS: {detail}", "", index)
