"""A JSON value together with where it is, so that whatever is wrong with it can be said of its very place.

Apart from what is read so that readers say only what they look for. Faults of one document go to one list and none
stops the reading: a sender hears of all of them at once. `null` counts as absent. JSON-LD lets one value stand for an
array of one, so `each` takes both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.ingest.dialects.forms import instant_of
from services.runtime.errors import Fault

MAX_IDENTIFIER = 2048
MAX_LABEL = 500
_CLOCKS_DIFFER = timedelta(minutes=5)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+").fullmatch
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)").fullmatch


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a document. `faults` is the document's list, `index` that of the document in what was sent."""

    value: Any
    faults: list[Fault]
    pointer: str = ""
    index: int | None = None

    @property
    def name(self) -> str:
        """The value's name, for sentences."""
        return self.pointer.removeprefix("/").replace("/", ".") or "the document"

    @property
    def is_object(self) -> bool:
        """Whether it is a JSON object."""
        return isinstance(self.value, dict)

    @property
    def members(self) -> Mapping[str, Any]:
        """Its members; none when it is no object."""
        return self.value if isinstance(self.value, dict) else {}

    def wrong(self, code: str, detail: str) -> None:
        """Note a fault of this value. `detail` goes on from its name: `must be text`."""
        self.faults.append(Fault(code, self.pointer, f"{self.name} {detail}", self.index))

    def at(self, name: str | int, value: Any = None) -> Place:
        """The place of a member or an item, whether or not it is there."""
        part = str(name).replace("~", "~0").replace("/", "~1")
        return Place(value, self.faults, f"{self.pointer}/{part}", self.index)

    def member(self, name: str) -> Place | None:
        """A member; None when it is absent."""
        value = self.members.get(name)
        return None if value is None else self.at(name, value)

    def required(self, name: str, cure: str) -> Place | None:
        """A member that must be there."""
        found = self.member(name)
        if found is None:
            self.at(name).wrong("missing", f"is required: {cure}")
        return found

    def each(self) -> Iterator[Place]:
        """Its items, when it is an array; else itself."""
        if not isinstance(self.value, list):
            yield self
            return
        for number, item in enumerate(self.value):
            yield self.at(number, item)

    def all_of(self, name: str) -> Iterator[Place]:
        """The items of a member, be they in an array or one alone; none when it is absent."""
        found = self.member(name)
        return iter(()) if found is None else found.each()

    def text(self) -> str | None:
        """The value as text that is not empty."""
        if isinstance(self.value, str) and self.value:
            return self.value
        self.wrong("wrong_type", "must be text, and not empty")
        return None

    def label(self) -> str | None:
        """The value as a short text; what is longer than a record may hold is cut."""
        text = self.text()
        return None if text is None else text[:MAX_LABEL]

    def uri(self) -> str | None:
        """The value as a URI."""
        if not isinstance(self.value, str) or not _URI(self.value):
            self.wrong("not_a_uri", "must be a URI with a scheme, such as https://example.org/1 or urn:uuid:...")
            return None
        return self.identifier()

    def identifier(self) -> str | None:
        """The value as an id."""
        text = self.text()
        if text is not None and len(text) > MAX_IDENTIFIER:
            self.wrong("too_long", f"may have {MAX_IDENTIFIER} characters")
            return None
        return text

    def instant(self) -> datetime | None:
        """The value as a moment, in UTC."""
        parsed = _parsed(self.value)
        if parsed is None:
            self.wrong("not_an_instant", "must be a date and time with its offset, such as 2026-11-24T05:30:00Z")
        return parsed

    def past(self, now: datetime) -> datetime | None:
        """The value as a moment that has come by `now`; clocks may differ by minutes."""
        moment = self.instant()
        if moment is not None and moment > now + _CLOCKS_DIFFER:
            self.wrong("in_the_future", "must not be in the future: it says when something was done")
            return None
        return moment

    def number(self) -> float | None:
        """The value as a number, also where it is written as text."""
        value = self.value
        try:
            number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        except (ValueError, OverflowError):
            number = None
        if number is None or number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            self.wrong("wrong_type", "must be a number")
            return None
        return number

    def types(self) -> tuple[str, ...]:
        """The classes that it says it is of."""
        said = self.members.get("type")
        given = said if isinstance(said, list) else [said]
        return tuple(each for each in given if isinstance(each, str))

    def must_be(self, *classes: str) -> bool:
        """Whether it is an object of one of these classes; a fault at its `type` when not."""
        if not self.is_object:
            self.wrong("wrong_type", "must be an object")
            return False
        if not set(self.types()) & set(classes):
            code = "missing" if self.members.get("type") is None else "wrong_class"
            self.at("type").wrong(code, f"must be or contain {' or '.join(classes)}")
            return False
        return True


def _parsed(value: Any) -> datetime | None:
    return instant_of(value) if isinstance(value, str) and _INSTANT(value) else None
