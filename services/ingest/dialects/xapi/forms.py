"""Text formats within statements: IRIs, UUIDs, language tags, instants, durations, mail addresses.

Each check takes any JSON value and raises `Wrong` unless it is text of that form. They run a dozen times a statement,
so they are compiled patterns and not parsers.
Source: xAPI 1.0.3 Data, section 4.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from services.ingest.dialects.forms import json_type


class Wrong(Exception):
    """What is wrong with a value; `path` gathers member names, innermost first, on the way up."""

    def __init__(self, code: str, detail: str, member: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.path: list[str] = [] if member is None else [member]

    @property
    def pointer(self) -> str:
        """The JSON pointer of the faulty value within the statement."""
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in reversed(self.path))


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+").fullmatch
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_MBOX = re.compile(r"mailto:[^@\s]+@[^@\s]+").fullmatch
_SHA1 = re.compile(r"[0-9a-fA-F]{40}").fullmatch
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;.*)?").fullmatch
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|(?!-00(?::?00)?$)[+-]\d\d(?::?\d\d)?)?"
).fullmatch
_DURATION = re.compile(
    r"P(?:\d+(?:[.,]\d+)?W"
    r"|(?=.)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)"
).fullmatch
# Source: RFC 5646, section 2.1; grandfathered tags that do not fit the pattern are listed.
_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WYZa-wyz](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[Xx](?:-[A-Za-z0-9]{1,8})+"
    r"|en-GB-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:BE-FR|BE-NL|CH-DE)"
).fullmatch


def text(value: object) -> None:
    """Any text."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", f"must be text, not {json_type(value)}")


def iri(value: object) -> None:
    """An absolute IRI, with a scheme."""
    if not isinstance(value, str) or not _IRI(value):
        raise Wrong("not_an_iri", "must be an absolute IRI with a scheme, such as https://example.org/x")


def uuid(value: object) -> None:
    """A UUID in its standard text form."""
    if not isinstance(value, str) or not _UUID(value):
        raise Wrong("not_a_uuid", "must be a UUID such as 4bd9dd82-9c8b-4d3f-a1a5-2ff10b0f21c4")


def mbox(value: object) -> None:
    """An e-mail address as mailto IRI."""
    if not isinstance(value, str) or not _MBOX(value):
        raise Wrong("not_a_mailto", "must be a mailto IRI such as mailto:ana@example.org")


def sha1(value: object) -> None:
    """The SHA-1 of a mailto IRI."""
    if not isinstance(value, str) or not _SHA1(value):
        raise Wrong("not_a_sha1", "must be the 40 hexadecimal digits of the SHA-1 of a mailto IRI")


def media_type(value: object) -> None:
    """An Internet media type."""
    if not isinstance(value, str) or not _MEDIA_TYPE(value):
        raise Wrong("not_a_media_type", "must be a media type such as text/plain")


def instant(value: object) -> None:
    """An ISO 8601 date and time. An offset of minus zero is refused, as ISO 8601 refuses it."""
    moment(value)


def moment(value: object) -> datetime:
    """The same, and the instant that it is, in UTC. Where it says no offset, UTC is taken."""
    if not isinstance(value, str) or not _INSTANT(value) or (parsed := _parsed(value)) is None:
        raise Wrong("not_an_instant", "must be an ISO 8601 date and time such as 2026-11-24T05:30:00Z")
    return parsed


def duration(value: object) -> None:
    """An ISO 8601 duration."""
    if not isinstance(value, str) or not _DURATION(value):
        raise Wrong("not_a_duration", "must be an ISO 8601 duration such as PT1H30M")


@lru_cache(maxsize=1024)
def _is_tag(value: str) -> bool:
    return _TAG(value) is not None


def language(value: object) -> None:
    """An RFC 5646 language tag."""
    if not isinstance(value, str) or not _is_tag(value):
        raise Wrong("not_a_language", "must be an RFC 5646 language tag such as en or de-CH")


def parse_instant(value: str) -> datetime:
    """The instant of a text that `instant` accepts, in UTC. Where it says no offset, UTC is taken."""
    parsed = _parsed(value)
    if parsed is None:
        raise ValueError(f"{value} is no instant")
    return parsed


def _parsed(value: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(value.upper())
        if parsed.tzinfo is UTC:
            return parsed
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
