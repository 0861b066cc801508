"""Open edX as a dialect: one event a message, told by its CloudEvents type."""

from __future__ import annotations

from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.openedx.events import PREFIX
from services.ingest.dialects.openedx.meaning import record_of
from services.ingest.dialects.openedx.reading import event_in

NAME = "openedx"


def speaks(arrival: Arrival) -> bool:
    """Whether headers, or the event itself, name a type of Open edX."""
    if arrival.event_type.startswith(PREFIX):
        return True
    stated = arrival.first_item.get("type") if arrival.has_members("specversion", "type", "data") else None
    return isinstance(stated, str) and stated.startswith(PREFIX)


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The record that the event means.

    Raises: Rejected.
    """
    event = event_in(arrival)
    source = arrival.source or event.source or arrival.require_source()
    record = record_of(event, source=source, received_at=arrival.received_at)
    return Translated([] if record is None else [(0, record.model_copy(update={"source": source}))], [])
