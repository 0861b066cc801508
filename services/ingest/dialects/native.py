"""The native dialect: learning records as they are, for whoever writes for Stepwell."""

from __future__ import annotations

from schemas.records import Record
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.payloads import good_and_faulty
from services.ingest.native import LINES, records_in

NAME = "native"


def speaks(arrival: Arrival) -> bool:
    """Whether headers say that these are our records, or the first item has a `kind`."""
    if "x-experience-api-version" in arrival.headers:
        return False
    return arrival.event_type.startswith("stepwell.") or arrival.has_members("kind")


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records.

    Raises: Rejected when the payload cannot be read as records.
    """

    def read(payload: bytes) -> list[Record]:
        return records_in(payload, is_lines=arrival.media_type in LINES and payload is arrival.payload)

    return Translated(*good_and_faulty(arrival.payload, read))
