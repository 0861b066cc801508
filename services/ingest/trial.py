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


@dataclass(frozen=True, slots=True)
class Trial:
    """What a payload would become. `dialect` is None when none was told or found."""

    dialect: str | None
    records: Sequence[Record]
    faults: Sequence[Fault]


def tried(
    arrival: Arrival,
    meanings: Meanings,
    dialect: Dialect | None = None,
    *,
    trust_cap: int = 1,
    may_send: Callable[[str], bool] = lambda _kind: True,
) -> Trial:
    """The payload on trial; its records as they would go on the log, of good items also beside faulty ones."""
    try:
        spoken = dialect or dialect_of(arrival)
    except Rejected as refusal:
        return Trial(None, (), refusal.faults)
    try:
        translated = spoken.translate(arrival, meanings)
    except Rejected as refusal:
        return Trial(spoken.NAME, (), refusal.faults)
    barred = [
        Fault("scope", "/kind", f"this key may not send records of kind {record.kind}; ask for the scope", index)
        for index, record in translated.records
        if not may_send(record.kind)
    ]
    settled = [
        settle(
            record,
            source=arrival.source or record.source or "",
            received_at=arrival.received_at,
            dialect=spoken.NAME,
            trust_cap=trust_cap,
        )
        for _, record in translated.records
    ]
    return Trial(spoken.NAME, settled, [*translated.faults, *barred])
