"""What one message of the inbox means: records by source, or a refusal. Pure, so that a test needs no broker.

There is no credential here: whoever may write to the topic is trusted to name the source, in the header `ce_source` or
in the records. `received_at` is the broker's time of the message, so that reading it again gives the same records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from schemas.records import Record
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival, Dialect, Original
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.runtime.cloudevents import attribute, texts
from services.runtime.errors import Fault, Rejected
from services.runtime.rejected import Payload

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(NamedTuple):
    """A message read: its dialect, and its records, each with its index in the payload, by source."""

    dialect: str
    records: Mapping[str, list[tuple[int, Record]]]
    originals: Sequence[Original] = ()
    unattributed: Sequence[Fault] = ()
    """What else it states, and why that is no record."""


def arrival_of(payload: Payload, received_at: datetime) -> Arrival:
    """The message as dialects see it."""
    headers = texts(payload.headers)
    return Arrival(payload.value, headers, attribute(headers, "source") or "", received_at=received_at)


def read(payload: Payload, received_at: datetime, meanings: Meanings = EMPTY_MEANINGS) -> Reading:
    """The records of one message.

    Raises: Rejected.
    """
    arrival = arrival_of(payload, received_at)
    return read_as(dialect_of(arrival), arrival, meanings)


def read_as(dialect: Dialect, arrival: Arrival, meanings: Meanings) -> Reading:
    """The same, when it is known which dialect it speaks."""
    translated = dialect.translate(arrival, meanings)
    records = _by_source(translated.whole(), arrival.source)
    return Reading(dialect.NAME, records, translated.originals, translated.unattributed)


def source_of(payload: Payload) -> str:
    """The source that a message's headers name, "" when they do not: for refusals."""
    return attribute(texts(payload.headers), "source") or ""


def dialect_said_by(payload: Payload) -> str:
    """The dialect of a message, "" when it cannot be told: for refusals."""
    try:
        return dialect_of(arrival_of(payload, _NO_TIME)).NAME
    except Rejected:
        return ""


def _by_source(records: Iterable[tuple[int, Record]], source: str) -> dict[str, list[tuple[int, Record]]]:
    found: dict[str, list[tuple[int, Record]]] = defaultdict(list)
    for index, record in records:
        named = source or record.source
        if not named:
            raise Rejected.because("missing", "name the source, here or in the header ce_source", "/source", index)
        found[named].append((index, record))
    return found
