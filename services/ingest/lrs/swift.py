"""The swift way for requests of plain statements: read by their members, most of which were seen before.

Whatever is not plain goes the long way (`arriving`): attachments, sub-statements, statements that were stored before,
those without id and timestamp, and all that is not valid, since only the long way says what is wrong. What goes the
swift way comes out the same: tests compare the two over all that was published, and over all that can be made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec import UNSET, Raw, UnsetType

from services.ingest.dialects.xapi import forms, rules, things
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.identity import id_made_of, text_of
from services.ingest.dialects.xapi.parties import group, party
from services.ingest.lrs import members
from services.ingest.lrs.incoming import DERIVED, Incoming
from services.ingest.lrs.members import Fleeting, Member, Members
from services.ingest.lrs.same import NOT_TIMED, Stated, microseconds_at

_encode = msgspec.json.Encoder().encode


class _Context(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    registration: Raw | UnsetType = UNSET
    instructor: Raw | UnsetType = UNSET
    team: Raw | UnsetType = UNSET
    contextActivities: Raw | UnsetType = UNSET  # noqa: N815 - xAPI's word
    revision: Raw | UnsetType = UNSET
    platform: Raw | UnsetType = UNSET
    language: Raw | UnsetType = UNSET
    statement: Raw | UnsetType = UNSET
    extensions: Raw | UnsetType = UNSET


class _Context2(_Context, forbid_unknown_fields=True, gc=False):
    contextAgents: Raw | UnsetType = UNSET  # noqa: N815
    contextGroups: Raw | UnsetType = UNSET  # noqa: N815


class _Plain(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    actor: Raw
    verb: Raw
    object: Raw
    result: Raw | UnsetType = UNSET
    context: _Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    version: str | UnsetType = UNSET


class _Plain2(_Plain, forbid_unknown_fields=True, gc=False):
    context: _Context2 | UnsetType = UNSET


class _NotPlain(Exception):
    """What must go the long way."""


class _Sentence(NamedTuple):
    """A statement's members, checked. `timestamp`: as it was given. The context's are named, in their order."""

    actor: Member
    verb: Member
    thing: Member
    result: Member | None
    context: list[tuple[bytes, Member]] | None
    timestamp: str | None
    moment: datetime | None


class Swift:
    """Reads requests of plain statements of one version. Not to be used by several threads at once."""

    def __init__(self, *, is_version_2: bool) -> None:
        context = rules.CONTEXT_2 if is_version_2 else rules.CONTEXT
        self._decode = msgspec.json.Decoder(list[_Plain2] | _Plain2 if is_version_2 else list[_Plain] | _Plain).decode
        self._check_version = rules.version_2 if is_version_2 else rules.version
        self._version = "2.0.0" if is_version_2 else "1.0.0"
        self._actors = members.parties(party)
        self._verbs = members.verbs(things.verb)
        self._things = members.things(things.thing)
        self._results = members.results(rules.result)
        of_context: dict[str, Members | Fleeting] = {
            **{name: members.plain(check) for name, check in context.items()},
            "registration": members.fleeting(context["registration"]),
            "instructor": members.parties(party),
            "team": members.parties(group),
            "contextActivities": members.context_activities(context["contextActivities"]),
        }
        self._of_context = [(name, f'"{name}":'.encode(), of_context[name]) for name in sorted(of_context)]

    def read(self, body: bytes, source: str, authority: bytes) -> list[Incoming] | None:
        """The statements of a body, completed, in order; None when they must go the long way. `authority` as JSON."""
        opening = b"[" + _encode(source) + b',{"actor":'
        try:
            read = self._decode(body)
            plain: Sequence[_Plain] = read if isinstance(read, list) else (read,)
            incoming = [self._incoming(each, opening, authority) for each in plain]
        except (_NotPlain, Wrong, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        own = [each.statement_id for each in incoming if each.is_own_id]
        return incoming if len(set(own)) == len(own) else None

    def _incoming(self, plain: _Plain, opening: bytes, authority: bytes) -> Incoming:
        sentence = self._sentence(plain)
        if plain.id is UNSET:
            if sentence.moment is None:
                raise _NotPlain
            statement_id = id_made_of(opening + _content(sentence, sentence.moment))
            name, stated = text_of(statement_id), DERIVED
        else:
            forms.uuid(plain.id)
            name = plain.id.lower()
            statement_id, stated = bytes.fromhex(name.replace("-", "")), _stated(sentence)
        return Incoming(statement_id, name, _kept(sentence, name, authority, self._version_of(plain)), stated)

    def _sentence(self, plain: _Plain) -> _Sentence:
        verb, thing = self._verbs.of(bytes(plain.verb)), self._things.of(bytes(plain.object))
        if verb.kind == rules.VOIDED and thing.kind != "StatementRef":
            raise _NotPlain
        timestamp = None if plain.timestamp is UNSET else plain.timestamp
        return _Sentence(
            self._actors.of(bytes(plain.actor)),
            verb,
            thing,
            None if plain.result is UNSET else self._results.of(bytes(plain.result)),
            None if plain.context is UNSET else self._context(plain.context, thing),
            timestamp,
            None if timestamp is None else forms.moment(timestamp),
        )

    def _version_of(self, plain: _Plain) -> str:
        if plain.version is UNSET:
            return self._version
        self._check_version(plain.version)
        return plain.version

    def _context(self, context: _Context, thing: Member) -> list[tuple[bytes, Member]]:
        if thing.kind != "Activity" and not (context.revision is UNSET and context.platform is UNSET):
            raise _NotPlain
        return [
            (head, known.of(bytes(raw)))
            for name, head, known in self._of_context
            if (raw := getattr(context, name)) is not UNSET
        ]


def _content(sentence: _Sentence, moment: datetime) -> bytes:
    """What an id is made of, from the actor on: the members by name, as `identity` writes them.

    WARNING: it must be the same, octet by octet.
    """
    context, result = b"", b""
    if sentence.context is not None:
        context = b',"context":{%b}' % b",".join([head + each.content for head, each in sentence.context])
    if sentence.result is not None:
        result = b',"result":' + sentence.result.content
    return b'%b%b,"object":%b%b,"timestamp":%b,"verb":%b}]' % (
        sentence.actor.content,
        context,
        sentence.thing.content,
        result,
        _encode(moment),
        sentence.verb.content,
    )


def _stated(sentence: _Sentence) -> Stated:
    """What is compared, as `same` makes it of a whole statement."""
    context, result = b"", b""
    if sentence.context is not None:
        context = b',"context":{%b}' % b",".join([head + each.compared for head, each in sentence.context])
    if sentence.result is not None:
        result = b',"result":' + sentence.result.compared
    compared = b'{"actor":%b%b,"object":%b%b,"verb":%b}' % (
        sentence.actor.compared,
        context,
        sentence.thing.compared,
        result,
        sentence.verb.compared,
    )
    at = NOT_TIMED if sentence.moment is None else microseconds_at(sentence.moment)
    return Stated(sha256(compared).digest(), at)


def _kept(sentence: _Sentence, name: str, authority: bytes, version: str) -> bytes:
    context, result, timestamp = b"", b"", b""
    if sentence.context is not None:
        context = b',"context":{%b}' % b",".join([head + each.kept for head, each in sentence.context])
    if sentence.result is not None:
        result = b',"result":' + sentence.result.kept
    if sentence.timestamp is not None:
        timestamp = b',"timestamp":"%b"' % sentence.timestamp.encode()
    return b'{"actor":%b,"verb":%b,"object":%b%b%b%b,"id":"%b","authority":%b,"version":%b}' % (
        sentence.actor.kept,
        sentence.verb.kept,
        sentence.thing.kept,
        result,
        context,
        timestamp,
        name.encode(),
        authority,
        _encode(version),
    )
