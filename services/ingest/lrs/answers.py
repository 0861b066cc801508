"""Statements as GET answers them: single or a page, in the format asked for, with or without attachments.

`exact` answers what is stored, byte for byte, so it is put together without being read.
Source: xAPI 1.0.3 Communication 2.1.3; Data 2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from services.ingest.lrs.canonical import canonical, identifiers_only
from services.ingest.lrs.multipart import multipart
from services.ingest.lrs.queries import Format, Many, Single, cursor
from services.ingest.lrs.reading import Found, Reading
from services.ingest.lrs.requests import http_date
from services.ingest.lrs.terms import activities_in, agent_key, term

MORE_PATH = "/xAPI/statements/more/"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Answer(NamedTuple):
    """A response. `newest`: the last storing of what it holds, in microseconds since 1970, 0 when it holds nothing."""

    body: bytes
    content_type: str
    newest: int
    headers: Mapping[str, str]


class Asker(NamedTuple):
    """Whose statements are asked for, in which languages, and of which authority only (None: of any)."""

    tenant: str
    languages: list[str]
    only_of: str | None = None


def answer_to(reading: Reading, asker: Asker, wanted: Single | Many) -> Answer | None:
    """What a question about statements is answered; None when the one statement asked for is not there to be had."""
    if isinstance(wanted, Many):
        return many_statements(reading, asker, wanted)
    return single_statement(reading, asker, wanted)


def single_statement(reading: Reading, asker: Asker, wanted: Single) -> Answer | None:
    """One statement; None when there is none of that id, or it is voided and must not be, or must be and is not."""
    found = reading.statement(asker.tenant, wanted.statement_id)
    if found is None or found.is_voided is not wanted.is_voided:
        return None
    if asker.only_of is not None and agent_key(_decode(found.body)["authority"]) != asker.only_of:
        return None
    (body,) = _formatted(reading, asker, [found], wanted.format)
    headers = {"Last-Modified": http_date(found.stored)}
    return _answer(reading, asker, body, [found], wanted, headers)


def many_statements(reading: Reading, asker: Asker, wanted: Many) -> Answer:
    """A page of statements, and the way to the next one."""
    authority = None if asker.only_of is None else term("authority", asker.only_of)
    found = reading.page(asker.tenant, wanted.page(authority))
    page = found[: wanted.limit]
    more = MORE_PATH + cursor(wanted.after(page[-1].stored)) if len(found) > len(page) else ""
    bodies = _formatted(reading, asker, page, wanted.format)
    body = b'{"statements":[' + b",".join(bodies) + b'],"more":' + _encode(more) + b"}"
    return _answer(reading, asker, body, page, wanted, {})


def _answer(
    reading: Reading,
    asker: Asker,
    json: bytes,
    found: Sequence[Found],
    wanted: Single | Many,
    headers: Mapping[str, str],
) -> Answer:
    newest = max((each.stored for each in found), default=0)
    if not wanted.with_attachments:
        return Answer(json, "application/json", newest, headers)
    digests = {attachment["sha2"] for each in found for attachment in _decode(each.body).get("attachments", ())}
    body, media_type = multipart(json, reading.attachments(asker.tenant, digests))
    return Answer(body, media_type, newest, headers)


def _formatted(reading: Reading, asker: Asker, found: Iterable[Found], format_: Format) -> list[bytes]:
    if format_ == "exact":
        return [each.body for each in found]
    statements: list[dict[str, Any]] = [_decode(each.body) for each in found]
    if format_ == "ids":
        return [_encode(identifiers_only(each)) for each in statements]
    wanted = {activity["id"] for statement in statements for activity in activities_in(statement)}
    definitions = reading.definitions(asker.tenant, wanted)
    return [_encode(canonical(each, definitions, asker.languages)) for each in statements]
