"""Members of statements that were seen before, known by their bytes.

What an LMS sends names the same people, verbs and activities again and again, and what was once found valid need not be
read, checked and written out another time.

Each member is checked by the very rule that a whole statement is checked by, so nothing is valid here that is not valid
there. Invariant: what is remembered is valid, and a function of the bytes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from services.ingest.dialects.xapi.shapes import Check
from services.ingest.lrs.same import compared_context, compared_party, compared_result, compared_thing

MOST_OCTETS = 4096
"""The largest member that is remembered."""
MOST_MEMBERS = 8192
"""The most members of a kind that are remembered twice over: what was not seen for so long is forgotten."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Member(NamedTuple):
    """A valid member as JSON: as it is kept, as ids are made of it, as statements are compared by it."""

    kept: bytes
    content: bytes
    compared: bytes
    kind: str = ""
    """Of a verb its id, of an object its type."""


class Members:
    """One kind of member, by its bytes. `make` makes one of a decoded value, and raises `Wrong` of one not valid."""

    def __init__(self, make: Callable[[Any], Member]) -> None:
        self._make = make
        self._known: dict[bytes, Member] = {}
        self._older: dict[bytes, Member] = {}

    def of(self, raw: bytes) -> Member:
        """The member with these bytes.

        Raises: Wrong, msgspec.DecodeError, RecursionError, UnicodeDecodeError.
        """
        known = self._known.get(raw)
        if known is None:
            known = self._older.get(raw) or self._make(_decode(raw))
            self._remember(raw, known)
        return known

    def _remember(self, raw: bytes, member: Member) -> None:
        if len(raw) > MOST_OCTETS:
            return
        if len(self._known) >= MOST_MEMBERS:
            self._older, self._known = self._known, {}
        self._known[raw] = member


def _making(
    check: Check, compare: Callable[[Any], Any] | None = None, kind: Callable[[Any], str] | None = None
) -> Callable[[Any], Member]:
    """Checks a value and writes it out; what is compared is the value itself where nothing says otherwise."""

    def make(value: Any) -> Member:
        check(value)
        content = _encode_sorted(value)
        compared = content if compare is None else _encode_sorted(compare(value))
        return Member(_encode(value), content, compared, "" if kind is None else kind(value))

    return make


def parties(check: Check) -> Members:
    """Agents and groups."""
    return Members(_making(check, compared_party))


def verbs(check: Check) -> Members:
    """Verbs; `kind` is the verb's id."""
    return Members(_making(check, lambda verb: verb["id"], lambda verb: str(verb["id"])))


def things(check: Check) -> Members:
    """Objects; `kind` is their type."""
    return Members(_making(check, compared_thing, lambda thing: str(thing.get("objectType", "Activity"))))


def results(check: Check) -> Members:
    """Results."""
    return Members(_making(check, compared_result))


def plain(check: Check) -> Members:
    """Anything that is compared as it is."""
    return Members(_making(check))


class Fleeting:
    """What is hardly ever said twice, and so not remembered."""

    def __init__(self, make: Callable[[Any], Member]) -> None:
        self._make = make

    def of(self, raw: bytes) -> Member:
        """The member with these bytes. Raises: as `Members.of`."""
        return self._make(_decode(raw))


def fleeting(check: Check) -> Fleeting:
    """Anything that is compared as it is, and hardly ever said twice."""
    return Fleeting(_making(check))


def context_activities(check: Check) -> Members:
    """Context activities, which are kept as arrays."""

    def make(value: Mapping[str, Any]) -> Member:
        check(value)
        compared = compared_context({"contextActivities": value})["contextActivities"]
        kept = {kind: each if isinstance(each, list) else [each] for kind, each in value.items()}
        return Member(_encode(kept), _encode_sorted(value), _encode_sorted(compared))

    return Members(make)
