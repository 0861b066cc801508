"""What a dialect is: a module that knows its own payloads and says which learning records they mean.

Apart from every dialect because all ways in (HTTP, inbox, `stepwell translate`) know only this. Invariants: a dialect
is pure, raises nothing but `Rejected`, and says the same of the same arrival each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from schemas.records import Record
from services.ingest.dialects.meanings import Meanings
from services.ingest.documents import decoded
from services.runtime.cloudevents import attribute
from services.runtime.errors import Fault, Rejected


@dataclass(frozen=True)  # not slotted, so that a payload is decoded once, however many dialects look at it
class Arrival:
    """One payload as it came."""

    payload: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, as `cloudevents.texts` gives them."""
    source: str = ""
    """Who sent it; "" where only its records may say so."""
    received_at: datetime = field(kw_only=True)

    @cached_property
    def first_item(self) -> Any:
        """The payload decoded, or its first item, be they in an array or one a line; None when it is no JSON."""
        for text in (self.payload, self.payload.lstrip().partition(b"\n")[0]):
            try:
                document = decoded(text)
            except Rejected:
                continue
            return document[0] if isinstance(document, list) and document else document
        return None

    @cached_property
    def event_type(self) -> str:
        """The CloudEvents type that headers name, in lower case; "" without."""
        return (attribute(dict(self.headers), "type") or "").lower()

    @property
    def media_type(self) -> str:
        """The media type that headers name, in lower case and without parameters; "" without."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def has_members(self, *names: str) -> bool:
        """Whether the first item is an object with all of these members."""
        return isinstance(self.first_item, dict) and all(name in self.first_item for name in names)

    def require_source(self) -> str:
        """The source.

        Raises: Rejected when nothing names it.
        """
        if not self.source:
            raise Rejected.because("missing", "name the source in the header ce_source")
        return self.source


class Original(NamedTuple):
    """A document that records are from, which is kept as it was sent because its bytes can be verified."""

    digest: str
    """`sha-256:` and the hexadecimal digits: the records' `evidence`."""
    content: bytes
    media_type: str


class Translated(NamedTuple):
    """The records that a payload means, not settled yet, and what is wrong with it; each with the index of its item.

    Items that mean nothing that Stepwell keeps are in neither. Where there are faults, who asked decides whether
    anything is taken: HTTP and the inbox take all or nothing. `unattributed` are good items that state somebody's
    learning and not whose or of what, each with what is not told: no records, and yet nothing that may be lost.
    """

    records: list[tuple[int, Record]]
    faults: list[Fault]
    originals: Sequence[Original] = ()
    unattributed: Sequence[Fault] = ()

    def whole(self) -> list[tuple[int, Record]]:
        """The records, when nothing is wrong.

        Raises: Rejected with every fault.
        """
        if self.faults:
            raise Rejected(self.faults)
        return self.records


class Dialect(Protocol):
    """A module that speaks one dialect."""

    NAME: str

    def speaks(self, arrival: Arrival, /) -> bool:
        """Whether the arrival looks like this dialect; never raises."""

    def translate(self, arrival: Arrival, meanings: Meanings, /) -> Translated:
        """What the arrival means.

        Raises: Rejected when it cannot be read as a whole.
        """
