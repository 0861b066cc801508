"""What GET /statements asks for, and the cursor that goes on where a page ended.

A cursor holds the whole question and where to go on, so it is good for ever and on every gateway. It names no source:
whoever uses it asks for their own.
Source: xAPI 1.0.3 Communication 2.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import msgspec

from services.core import base64url
from services.ingest.lrs import parameters
from services.ingest.lrs.reading import LATEST, Page
from services.ingest.lrs.terms import agent_key, term
from services.runtime.errors import Rejected

Format = Literal["exact", "ids", "canonical"]
FORMATS: tuple[Format, ...] = ("exact", "ids", "canonical")
SINGLE = frozenset(("statementId", "voidedStatementId", "format", "attachments"))
NAMES = SINGLE | {
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "ascending",
}
MAX_LIMIT = 100
"""The most statements on a page."""
EARLIEST = -1


class Single(msgspec.Struct, frozen=True):
    """One statement, which must be voided or must not."""

    statement_id: UUID
    is_voided: bool
    format: Format
    with_attachments: bool


class Many(msgspec.Struct, frozen=True):
    """A page of statements. Instants in microseconds since 1970; `terms` the most selective first."""

    terms: tuple[int, ...]
    since: int
    until: int
    is_ascending: bool
    limit: int
    format: Format
    with_attachments: bool

    def page(self, authority: int | None = None) -> Page:
        """The page, and one statement more to see whether there are more; of one authority only, by its term."""
        return Page(self.terms, self.since, self.until, self.is_ascending, self.limit + 1, authority)

    def after(self, stored: int) -> Many:
        """The same question, beyond a statement."""
        edge = {"since": stored} if self.is_ascending else {"until": stored - 1}
        return msgspec.structs.replace(self, **edge)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Many).decode


def question(given: list[tuple[str, str]]) -> Single | Many:
    """What the parameters ask for.

    Raises: Rejected.
    """
    found = parameters.allowed(given, NAMES)
    format_ = _format(found)
    with_attachments = parameters.flag(found, "attachments")
    single = [name for name in ("statementId", "voidedStatementId") if name in found]
    if single:
        if len(single) > 1 or not found.keys() <= SINGLE:
            raise Rejected.because("parameter", f"{single[0]} goes together with format and attachments only")
        statement_id = UUID(parameters.uuid(found, single[0]))
        return Single(statement_id, single[0] == "voidedStatementId", format_, with_attachments)
    since, until = parameters.instant(found, "since"), parameters.instant(found, "until")
    limit = parameters.count(found, "limit")
    return Many(
        terms=_terms(found),
        since=EARLIEST if since is None else max(EARLIEST, min(since, LATEST)),
        until=LATEST if until is None else max(EARLIEST, min(until, LATEST)),
        is_ascending=parameters.flag(found, "ascending"),
        limit=min(limit or MAX_LIMIT, MAX_LIMIT),
        format=format_,
        with_attachments=with_attachments,
    )


def _format(found: Mapping[str, str]) -> Format:
    wanted = parameters.one_of(found, "format", FORMATS)
    return next(each for each in FORMATS if each == wanted)


def _terms(found: Mapping[str, str]) -> tuple[int, ...]:
    registration, agent = parameters.uuid(found, "registration"), parameters.agent(found)
    activity, verb = parameters.iri(found, "activity"), parameters.iri(found, "verb")
    is_related_agent = parameters.flag(found, "related_agents")
    is_related_activity = parameters.flag(found, "related_activities")
    terms: list[int] = []
    if registration is not None:
        terms.append(term("registration", registration))
    if agent is not None:
        terms.append(term("related_agent" if is_related_agent else "agent", _identified(agent)))
    if activity is not None:
        terms.append(term("related_activity" if is_related_activity else "activity", activity))
    if verb is not None:
        terms.append(term("verb", verb))
    return tuple(terms)


def _identified(agent: Mapping[str, object]) -> str:
    key = agent_key(agent)
    if not key:
        raise Rejected.because("parameter", "parameter agent must have mbox, mbox_sha1sum, openid or account")
    return key


def cursor(many: Many) -> str:
    """The question as one word for a URL."""
    return base64url.encoded(_encode(many))


def cursor_in(word: str) -> Many:
    """The question that `cursor` put into a word.

    Raises: Rejected.
    """
    try:
        many = _decode(base64url.decoded(word.encode()))
    except (ValueError, OverflowError) as error:
        raise Rejected.because("cursor", "this is no cursor of ours; ask again from the first page") from error
    in_range = all(EARLIEST <= each <= LATEST for each in (many.since, many.until))
    if not (0 < many.limit <= MAX_LIMIT and in_range and all(0 <= each < 1 << 64 for each in many.terms)):
        raise Rejected.because("cursor", "this is no cursor of ours; ask again from the first page")
    return many
