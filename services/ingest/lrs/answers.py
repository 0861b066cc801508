"""Statements as GET answers them: single or a page, in the format asked for, with or without attachments.

`exact` answers what is stored, byte for byte, so it is put together without being read.
Source: xAPI 1.0.3 Communication 2.1.3; Data 2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from services.ingest.lrs.canonical import accepted_languages, canonical, identifiers_only
from services.ingest.lrs.multipart import BOUNDARY, multipart
from services.ingest.lrs.queries import Format, Many, Single, cursor
from services.ingest.lrs.reading import Found, Reading
from services.ingest.lrs.requests import http_date
from services.ingest.lrs.terms import activities_in

MORE_PATH = "/xAPI/statements/more/"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Answer(NamedTuple):
    """A response. `newest`: the last storing of what it holds, in microseconds since 1970, 0 when it holds nothing."""

    body: bytes
    content_type: str
    newest: int
    headers: Mapping[str, str]


def answer_to(reading: Reading, tenant: str, wanted: Single | Many, languages: str) -> Answer | None:
    """What a question about statements is answered; None when the one statement asked for is not there to be had."""
    if isinstance(wanted, Many):
        return many_statements(reading, tenant, wanted, languages)
    return single_statement(reading, tenant, wanted, languages)


def single_statement(reading: Reading, tenant: str, wanted: Single, languages: str) -> Answer | None:
    """One statement; None when there is none of that id, or it is voided and must not be, or must be and is not."""
    found = reading.statement(tenant, wanted.statement_id)
    if found is None or found.is_voided is not wanted.is_voided:
        return None
    (body,) = _formatted(reading, tenant, [found], wanted.format, languages)
    headers = {"Last-Modified": http_date(found.stored)}
    return _answer(reading, tenant, body, [found], wanted, headers)


def many_statements(reading: Reading, tenant: str, wanted: Many, languages: str) -> Answer:
    """A page of statements, and the way to the next one."""
    found = reading.page(tenant, wanted.page())
    page = found[: wanted.limit]
    more = MORE_PATH + cursor(wanted.after(page[-1].stored)) if len(found) > len(page) else ""
    bodies = _formatted(reading, tenant, page, wanted.format, languages)
    body = b'{"statements":[' + b",".join(bodies) + b'],"more":' + _encode(more) + b"}"
    return _answer(reading, tenant, body, page, wanted, {})


def _answer(
    reading: Reading,
    tenant: str,
    json: bytes,
    found: Sequence[Found],
    wanted: Single | Many,
    headers: Mapping[str, str],
) -> Answer:
    newest = max((each.stored for each in found), default=0)
    if not wanted.with_attachments:
        return Answer(json, "application/json", newest, headers)
    digests = {attachment["sha2"] for each in found for attachment in _decode(each.body).get("attachments", ())}
    body = multipart(json, reading.attachments(tenant, digests))
    return Answer(body, f"multipart/mixed; boundary={BOUNDARY}", newest, headers)


def _formatted(reading: Reading, tenant: str, found: Iterable[Found], format_: Format, languages: str) -> list[bytes]:
    if format_ == "exact":
        return [each.body for each in found]
    statements: list[dict[str, Any]] = [_decode(each.body) for each in found]
    if format_ == "ids":
        return [_encode(identifiers_only(each)) for each in statements]
    wanted = {activity["id"] for statement in statements for activity in activities_in(statement)}
    definitions = reading.definitions(tenant, wanted)
    accepted = accepted_languages(languages)
    return [_encode(canonical(each, definitions, accepted)) for each in statements]
