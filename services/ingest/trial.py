"""A payload read for trial: what it would become, with nothing stored, published or kept.

Apart from the ways in, because `stepwell translate` and `POST /v1/validate` answer alike. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.records import Record
from services.core.settle import settle
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival, Dialect
from services.ingest.dialects.meanings import Meanings
from services.runtime.errors import Fault, Rejected

Settling = Callable[[str, Sequence[tuple[int, Record]]], Sequence[Record]]
"""Settles records of a dialect, each with its index in the payload. Raises: Rejected when one may not be sent."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a payload would become. `dialect` is None when none was told or found."""

    dialect: str | None
    records: Sequence[Record]
    faults: Sequence[Fault]
    unattributed: Sequence[Fault] = ()


def tried(
    arrival: Arrival, meanings: Meanings, dialect: Dialect | None = None, settling: Settling | None = None
) -> Trial:
    """The payload on trial; its records as they would go on the log, of good items also beside faulty ones.

    `settling` does what an intake does; without it records are settled plainly, with the accounts that they name.
    """
    try:
        spoken = dialect or dialect_of(arrival)
    except Rejected as refusal:
        return Trial(None, (), refusal.faults)
    try:
        translated = spoken.translate(arrival, meanings)
        settled = (settling or _plainly(arrival))(spoken.NAME, translated.records)
    except Rejected as refusal:
        return Trial(spoken.NAME, (), refusal.faults)
    return Trial(spoken.NAME, settled, translated.faults, translated.unattributed)


def _plainly(arrival: Arrival) -> Settling:
    def settling(dialect: str, records: Sequence[tuple[int, Record]]) -> list[Record]:
        return [
            settle(
                record,
                source=arrival.source or record.source or "",
                received_at=arrival.received_at,
                dialect=dialect,
            )
            for _, record in records
        ]

    return settling
