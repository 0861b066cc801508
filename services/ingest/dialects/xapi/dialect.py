"""xAPI as a dialect: for whoever has statements and no record store to put them in, such as `stepwell translate`.

HTTP and the inbox put statements on the record store's log instead (services/ingest/lrs), and read them from there by
the same rules.
"""

from __future__ import annotations

from dataclasses import replace

from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.payloads import good_and_faulty
from services.ingest.dialects.xapi.batch import statements_in
from services.ingest.dialects.xapi.batch import translate as translate_statements
from services.runtime.errors import Rejected

NAME = "xapi"


def speaks(arrival: Arrival) -> bool:
    """Whether headers say so, or the first item has an actor and a verb."""
    headers_say = "x-experience-api-version" in arrival.headers or "xapi" in arrival.event_type
    return headers_say or arrival.has_members("actor", "verb")


def translate(arrival: Arrival, meanings: Meanings) -> Translated:
    """The records that the statements mean.

    Raises: Rejected when the payload cannot be read as statements, or two of them have one id.
    """
    source = arrival.require_source()
    is_version_2 = arrival.headers.get("x-experience-api-version", "").startswith("2.")
    good, faults = good_and_faulty(
        _as_array(arrival.payload), lambda payload: statements_in(payload, is_version_2=is_version_2)
    )
    statements = [statement for _, statement in good]
    try:
        found = translate_statements(statements, source=source, received_at=arrival.received_at, meanings=meanings)
    except Rejected as refusal:
        placed = (replace(fault, index=good[fault.index or 0][0]) for fault in refusal.faults)
        raise Rejected([*faults, *placed]) from refusal
    return Translated([(good[place][0], record) for place, record in found.records], faults)


def _as_array(payload: bytes) -> bytes:
    """Statements one a line as an array of them; anything else as it is."""
    lines = [line for line in payload.split(b"\n") if line.strip()]
    is_lines = len(lines) > 1 and all(line.lstrip().startswith(b"{") for line in lines)
    return b"[" + b",".join(lines) + b"]" if is_lines else payload
