"""The swift way for requests of plain statements: read by their members, most of which were seen before.

Whatever is not plain goes the long way (`arriving`): attachments, sub-statements, statements that were stored before,
those that void others, those without id and timestamp, and all that is not valid, since only the long way says what is
wrong. What goes the swift way comes out the same: tests compare the two over all that was published, and over all that
can be made up.
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
from services.ingest.dialects.xapi.parties import party
from services.ingest.dialects.xapi.shapes import shape
from services.ingest.lrs import members
from services.ingest.lrs.incoming import DERIVED, Incoming
from services.ingest.lrs.members import Member
from services.ingest.lrs.same import NOT_TIMED, Stated, microseconds_at

_encode = msgspec.json.Encoder().encode


class _Plain(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    actor: Raw
    verb: Raw
    object: Raw
    result: Raw | UnsetType = UNSET
    context: Raw | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    version: str | UnsetType = UNSET


class _NotPlain(Exception):
    """What must go the long way."""


_decode = msgspec.json.Decoder(list[_Plain] | _Plain).decode
_NOTHING = Member(b"", b"", b"")


class _Sentence(NamedTuple):
    """A statement's members, checked. `timestamp`: as it was given."""

    actor: Member
    verb: Member
    thing: Member
    result: Member
    context: Member
    timestamp: str | None
    moment: datetime | None


class Swift:
    """Reads requests of plain statements of one version. Not to be used by several threads at once."""

    def __init__(self, *, is_version_2: bool) -> None:
        context = rules.CONTEXT_2 if is_version_2 else rules.CONTEXT
        self._check_version = rules.version_2 if is_version_2 else rules.version
        self._version = b'"2.0.0"' if is_version_2 else b'"1.0.0"'
        self._actors = members.parties(party)
        self._verbs = members.verbs(things.verb)
        self._things = members.things(things.thing)
        self._results = members.results(shape(rules.RESULT), rules.RESULT["duration"])
        self._contexts = members.contexts(shape(context), context["registration"])

    def read(self, body: bytes, source: str, authority: bytes) -> list[Incoming] | None:
        """The statements of a body, completed, in order; None when they must go the long way. `authority` as JSON."""
        opening = b"[" + _encode(source) + b',{"actor":'
        try:
            read = _decode(body)
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
        context = _NOTHING if plain.context is UNSET else self._contexts.of(bytes(plain.context))
        if verb.kind == rules.VOIDED or context.kind not in ("", thing.kind):
            raise _NotPlain
        timestamp = None if plain.timestamp is UNSET else plain.timestamp
        return _Sentence(
            self._actors.of(bytes(plain.actor)),
            verb,
            thing,
            _NOTHING if plain.result is UNSET else self._results.of(bytes(plain.result)),
            context,
            timestamp,
            None if timestamp is None else forms.moment(timestamp),
        )

    def _version_of(self, plain: _Plain) -> bytes:
        if plain.version is UNSET:
            return self._version
        self._check_version(plain.version)
        return _encode(plain.version)


def _named(name: bytes, written: bytes) -> bytes:
    return b",%b:%b" % (name, written) if written else b""


def _content(sentence: _Sentence, moment: datetime) -> bytes:
    """What an id is made of, from the actor on: the members by name, as `identity` writes them.

    WARNING: it must be the same, octet by octet.
    """
    return b'%b%b,"object":%b%b,"timestamp":%b,"verb":%b}]' % (
        sentence.actor.content,
        _named(b'"context"', sentence.context.content),
        sentence.thing.content,
        _named(b'"result"', sentence.result.content),
        _encode(moment),
        sentence.verb.content,
    )


def _stated(sentence: _Sentence) -> Stated:
    """What is compared, as `same` makes it of a whole statement."""
    compared = b'{"actor":%b%b,"object":%b%b,"verb":%b}' % (
        sentence.actor.compared,
        _named(b'"context"', sentence.context.compared),
        sentence.thing.compared,
        _named(b'"result"', sentence.result.compared),
        sentence.verb.compared,
    )
    at = NOT_TIMED if sentence.moment is None else microseconds_at(sentence.moment)
    return Stated(sha256(compared).digest(), at)


def _kept(sentence: _Sentence, name: str, authority: bytes, version: bytes) -> bytes:
    timestamp = b"" if sentence.timestamp is None else b',"timestamp":"%b"' % sentence.timestamp.encode()
    return b'{"actor":%b,"verb":%b,"object":%b%b%b%b,"id":"%b","authority":%b,"version":%b}' % (
        sentence.actor.kept,
        sentence.verb.kept,
        sentence.thing.kept,
        _named(b'"result"', sentence.result.kept),
        _named(b'"context"', sentence.context.kept),
        timestamp,
        name.encode(),
        authority,
        version,
    )
