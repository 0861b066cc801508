"""The native dialect: learning records as they are, for whoever writes for Stepwell."""

from __future__ import annotations

from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.native import LINES, records_in

NAME = "native"


def speaks(arrival: Arrival) -> bool:
    """Whether headers say that these are our records, or the first item has a `kind`."""
    if "x-experience-api-version" in arrival.headers:
        return False
    return arrival.event_type.startswith("stepwell.") or arrival.has_members("kind")


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records.

    Raises: Rejected with every fault of every record.
    """
    records = records_in(arrival.payload, is_lines=arrival.media_type in LINES)
    return Translated(list(enumerate(records)), [])
