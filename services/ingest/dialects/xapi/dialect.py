"""xAPI as a dialect: for whoever has statements and no record store to put them in, such as `stepwell translate`.

HTTP and the inbox put statements on the record store's log instead (services/ingest/lrs), and read them from there by
the same rules.
"""

from __future__ import annotations

from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.xapi.batch import statements_in
from services.ingest.dialects.xapi.batch import translate as translate_statements

NAME = "xapi"


def speaks(arrival: Arrival) -> bool:
    """Whether headers say so, or the first item has an actor and a verb."""
    headers_say = "x-experience-api-version" in arrival.headers or "xapi" in arrival.event_type
    return headers_say or arrival.has_members("actor", "verb")


def translate(arrival: Arrival, meanings: Meanings) -> Translated:
    """The records that the statements mean.

    Raises: Rejected with the first fault of every faulty statement.
    """
    source = arrival.require_source()
    is_version_2 = arrival.headers.get("x-experience-api-version", "").startswith("2.")
    statements = statements_in(arrival.payload, is_version_2=is_version_2)
    translation = translate_statements(statements, source=source, received_at=arrival.received_at, meanings=meanings)
    return Translated(translation.records, [])
