"""What one message of the inbox means: records by source, or a refusal. Pure, so that a test needs no broker.

There is no credential here: whoever may write to the topic is trusted to name the source, in the header `ce_source` or
in the records. `received_at` is the broker's time of the message, so that reading it again gives the same records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from schemas.records import Record
from services.ingest.dialects.detect import Dialect, dialect_of
from services.ingest.dialects.xapi.batch import statements_in, translate
from services.ingest.native import LINES, records_in
from services.runtime.cloudevents import attribute, texts
from services.runtime.errors import Rejected
from services.runtime.rejected import Payload


class Reading(NamedTuple):
    """A message read: its dialect, and its records, each with its index in the payload, by source."""

    dialect: Dialect
    records: Mapping[str, list[tuple[int, Record]]]


def read(payload: Payload, received_at: datetime) -> Reading:
    """The records of one message.

    Raises: Rejected.
    """
    headers = texts(payload.headers)
    dialect = dialect_of(payload.value, headers)
    source = attribute(headers, "source")
    if dialect == "xapi":
        return Reading(dialect, _statements(payload, headers, source, received_at))
    is_lines = headers.get("content-type", "").partition(";")[0].strip().lower() in LINES
    return Reading(dialect, _by_source(records_in(payload.value, is_lines=is_lines), source))


def source_of(payload: Payload) -> str:
    """The source that a message's headers name, "" when they do not: for refusals."""
    return attribute(texts(payload.headers), "source") or ""


def dialect_said_by(payload: Payload) -> str:
    """The dialect of a message, "" when it cannot be told: for refusals."""
    try:
        return dialect_of(payload.value, texts(payload.headers))
    except Rejected:
        return ""


def _statements(
    payload: Payload, headers: Mapping[str, str], source: str | None, received_at: datetime
) -> dict[str, list[tuple[int, Record]]]:
    if source is None:
        raise Rejected.because("missing", "name the source in the header ce_source")
    is_version_2 = headers.get("x-experience-api-version", "").startswith("2.")
    statements = statements_in(payload.value, is_version_2=is_version_2)
    return {source: translate(statements, source=source, received_at=received_at).records}


def _by_source(records: Iterable[Record], source: str | None) -> dict[str, list[tuple[int, Record]]]:
    found: dict[str, list[tuple[int, Record]]] = defaultdict(list)
    for index, record in enumerate(records):
        named = source or record.source
        if named is None:
            raise Rejected.because("missing", "name the source, here or in the header ce_source", "/source", index)
        found[named].append((index, record))
    return found
