"""Members of statements that were seen before, known by their bytes.

What an LMS sends names the same people, verbs and activities again and again, and what was once found valid need not be
read, checked and written out another time. Where one text differs each time, a registration or a duration, the rest is
known without it.

Each member is checked by the very rule that a whole statement is checked by, so nothing is valid here that is not valid
there. Invariant: what is remembered is valid, and a function of the bytes alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from services.ingest.dialects.xapi.shapes import Check
from services.ingest.lrs.same import (
    compared_context,
    compared_duration,
    compared_party,
    compared_result,
    compared_thing,
)

MOST_OCTETS = 4096
"""The largest member that is remembered."""
MOST_REMEMBERED = 1 << 20
"""Octets of members of a kind until those before them, that were not seen since, are forgotten."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Member(NamedTuple):
    """A valid member as JSON: as it is kept, as ids are made of it, as statements are compared by it."""

    kept: bytes
    content: bytes
    compared: bytes
    kind: str = ""
    """Of a verb its id, of an object its type; of a context "Activity" when it is one for activities only."""


Make = Callable[[Any], Member]
"""Makes a member of a decoded value; raises `Wrong` of one that is not valid."""


class Remembered:
    """A bounded memory by bytes."""

    def __init__(self) -> None:
        self._known: dict[bytes, Any] = {}
        self._older: dict[bytes, Any] = {}
        self._octets = 0

    def get(self, key: bytes) -> Any:
        """What is remembered, or None."""
        found = self._known.get(key)
        if found is None:
            found = self._older.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: bytes, value: Any) -> None:
        """Remember, unless it is too large."""
        if len(key) > MOST_OCTETS:
            return
        if self._octets >= MOST_REMEMBERED:
            self._older, self._known, self._octets = self._known, {}, 0
        self._known[key] = value
        self._octets += len(key)


class Members:
    """One kind of member."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._remembered = Remembered()

    def of(self, raw: bytes) -> Member:
        """The member with these bytes.

        Raises: Wrong, msgspec.DecodeError, RecursionError, UnicodeDecodeError.
        """
        known: Member | None = self._remembered.get(raw)
        if known is None:
            known = self._make(_decode(raw))
            self._remembered.put(raw, known)
        return known


class Hole(NamedTuple):
    """A text within an object that differs each time. `form`: its characters, none of which JSON escapes."""

    name: str
    form: str
    check: Check
    compare: Callable[[str], str] = str


class _Around(NamedTuple):
    """A member without the text in its hole: what comes before, and after."""

    kept: tuple[bytes, bytes]
    content: tuple[bytes, bytes]
    compared: tuple[bytes, bytes]
    kind: str


class Holed:
    """One kind of object, known without the text in its hole.

    Two objects whose bytes differ only within the quotes of one text, which has nothing in it that JSON escapes, are
    the same but for that text. That it is the text of the hole, and no other, is seen when the first one is read.
    """

    def __init__(self, make: Make, hole: Hole) -> None:
        self._whole = Members(make)
        self._make = make
        self._hole = hole
        self._find = re.compile(rf'"{hole.name}"\s*:\s*"({hole.form})"'.encode()).search
        self._remembered = Remembered()

    def of(self, raw: bytes) -> Member:
        """The member with these bytes. Raises: as `Members.of`."""
        found = self._find(raw)
        if found is None:
            return self._whole.of(raw)
        start, end = found.span(1)
        key = raw[:start] + b"\0" + raw[end:]
        around: _Around | None = self._remembered.get(key)
        if around is None:
            return self._learn(raw, key, found[1].decode())
        filling = found[1]
        text = filling.decode()
        self._hole.check(text)
        counted = self._hole.compare(text).encode()
        (before, after), (first, last), (left, right), kind = around
        return Member(before + filling + after, first + filling + last, left + counted + right, kind)

    def _learn(self, raw: bytes, key: bytes, text: str) -> Member:
        value = _decode(raw)
        member = self._make(value)
        filling, counted = text.encode(), self._hole.compare(text).encode()
        parts = [
            written.split(each)
            for written, each in ((member.kept, filling), (member.content, filling), (member.compared, counted))
        ]
        is_literal = raw.count(filling) == 1 and b"\\" not in raw  # a name given twice may hide behind an escape
        is_alone = all(len(each) == len(("before", "after")) for each in parts)
        if is_literal and is_alone and value.get(self._hole.name) == text:
            (before, after), (first, last), (left, right) = parts
            around = _Around((before, after), (first, last), (left, right), member.kind)
            self._remembered.put(key, around)
        return member


def _making(
    check: Check, compare: Callable[[Any], Any] | None = None, kind: Callable[[Any], str] | None = None
) -> Make:
    """Checks a value and writes it out; what is compared is the value itself where nothing says otherwise."""

    def make(value: Any) -> Member:
        check(value)
        content = _encode_sorted(value)
        counted = value if compare is None else compare(value)
        compared = content if counted is value else _encode_sorted(counted)
        return Member(_encode(value), content, compared, "" if kind is None else kind(value))

    return make


def parties(check: Check) -> Members:
    """Agents and groups."""
    return Members(_making(check, compared_party))


def verbs(check: Check) -> Members:
    """Verbs."""
    return Members(_making(check, lambda verb: verb["id"], lambda verb: str(verb["id"])))


def things(check: Check) -> Members:
    """Objects."""
    return Members(_making(check, compared_thing, lambda thing: str(thing.get("objectType", "Activity"))))


def results(check: Check, check_duration: Check) -> Holed:
    """Results."""
    return Holed(_making(check, compared_result), Hole("duration", "[0-9A-Z.,]+", check_duration, compared_duration))


def contexts(check: Check, check_registration: Check) -> Holed:
    """Contexts; their activities are kept as arrays."""

    def make(value: Mapping[str, Any]) -> Member:
        check(value)
        kept = value
        if "contextActivities" in value:
            lists = {
                kind: each if isinstance(each, list) else [each] for kind, each in value["contextActivities"].items()
            }
            kept = {**value, "contextActivities": lists}
        kind = "Activity" if "revision" in value or "platform" in value else ""
        return Member(_encode(kept), _encode_sorted(value), _encode_sorted(compared_context(value)), kind)

    return Holed(make, Hole("registration", "[0-9A-Za-z-]{36}", check_registration))
