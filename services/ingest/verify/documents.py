"""What was sent, read strictly: JSON in which every name is said once, or a compact token; nothing too large or deep.

Two readers of one JSON text must see one document, or a signature could cover another than the one that is shown: so
doubled names, NaN and infinities are refused. Source: RFC 8785, section 3.1 (I-JSON), https://www.rfc-editor.org/rfc/rfc8785
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from services.core import base64url
from services.ingest.verify.pictures import credential_in
from services.runtime.errors import Rejected

MOST_BYTES = 4 << 20
"""Of a credential, or of the picture that it is baked into: there are pictures within credentials, too."""
MOST_VALUES = 50_000
DEEPEST = 64
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*").fullmatch
_HALVES = re.compile(r"\\u[dD][89a-fA-F]").search
"""Halves of characters: two make one, and a single one is no text."""
_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL).sub
"""Texts, also one that does not end: so the search is linear, whatever is searched."""
_BRACKETS = re.compile(r"[\[\]{}]").findall
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as it was presented: a JSON document, or a token; `text` is that, without the picture around it."""

    text: str
    document: Document | None = None
    token: str | None = None
    address: str | None = None
    """Where the credential is, when a picture names only that."""
    is_sealed: bool = False
    """Whether a JAdES seal is on the document, which is not checked here."""


def presented(payload: bytes) -> Presented:
    """The credential in what was sent: JSON, a compact JWS, or a PNG or SVG with one of these baked in.

    Raises: Rejected when it is none of these.
    """
    baked = credential_in(payload) if len(payload) <= MOST_BYTES else None
    content = payload if baked is None else baked
    if len(content) > MOST_BYTES:
        raise Rejected.because("too_large", f"a credential may have {MOST_BYTES} octets")
    try:
        text = content.decode().strip()
    except UnicodeDecodeError as error:
        raise Rejected.because("not_text", "send JSON, a compact JWS, or a PNG or SVG with one baked in") from error
    if baked is not None and text.startswith("https://"):
        return Presented(text, address=text)
    if text.startswith("{"):
        return _of_object(text, document_from(text))
    if is_token(text):
        return Presented(text, token=text)
    raise Rejected.because("not_a_credential", "send a JSON object, a compact JWS, or a PNG or SVG with one baked in")


def is_token(text: Any) -> bool:
    """Whether a text is a compact JWS by its form; one without its middle part is refused when it is read."""
    return isinstance(text, str) and _COMPACT(text) is not None


def _of_object(text: str, document: Document) -> Presented:
    """A document, or the token that it does nothing but wrap, or the words that a JAdES seal is on."""
    wrapped = enveloped(document) or (next(iter(document.values())) if len(document) == 1 else None)
    if isinstance(wrapped, str) and is_token(wrapped):
        return Presented(wrapped, token=wrapped)
    words = document.get("payload")
    if isinstance(words, str) and "signatures" in document:
        inner = words if words.lstrip().startswith("{") else _decoded(words)
        return Presented(inner, document=document_from(inner), is_sealed=True)
    return Presented(text, document=document)


def enveloped(document: Document) -> str | None:
    """The token in an EnvelopedVerifiableCredential. Source: W3C VC 2.0, section 4.13."""
    if "EnvelopedVerifiableCredential" not in as_list(document.get("type")):
        return None
    kind, _, token = str(document.get("id")).partition(",")
    return token if kind.startswith("data:application/vc") and is_token(token) else None


def _decoded(words: str) -> str:
    try:
        return base64url.decoded(words).decode()
    except ValueError as error:
        raise Rejected.because("invalid_json", "the payload is neither JSON nor base64url of it") from error


def document_from(text: str) -> Document:
    """A JSON object, read strictly.

    Raises: Rejected.
    """
    _check_size(text)
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        if _HALVES(text):
            json.dumps(found, ensure_ascii=False).encode()
    except ValueError as error:
        raise Rejected.because("invalid_json", f"this is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Rejected.because("wrong_type", "a credential is a JSON object")
    return found


def as_list(value: Any) -> list[Any]:
    """What a member holds, as JSON-LD has it: one value or several, or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def id_of(value: Any) -> str | None:
    """The id of what a member names, as text or as an object."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else None


def _object(pairs: Iterable[tuple[str, Any]]) -> Document:
    found: Document = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name} is said twice")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _check_size(text: str) -> None:
    """What is written so large, or so deep, that reading and signing it again would cost too much.

    Raises: Rejected.
    """
    bare = _STRINGS("", text)
    if sum(map(bare.count, ",[{")) > MOST_VALUES:
        raise Rejected.because("too_many_values", f"a document may have {MOST_VALUES} values")
    depth = 0
    for bracket in _BRACKETS(bare):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise Rejected.because("too_deep", f"members may be nested {DEEPEST} deep")
