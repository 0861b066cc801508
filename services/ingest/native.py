"""Native records as they come: one JSON object, an array of them, or one a line (NDJSON).

Nothing of a payload is taken unless all of it can be: a producer that gets an error sends the payload again once it is
mended, and needs no memory of which half was taken. All faults are gathered first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from schemas.records import Record, record_adapter
from services.ingest.documents import decoded
from services.ingest.faults import faults_of
from services.runtime.errors import Fault, Rejected

LINES = frozenset(("application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines"))
"""Media types that say one record a line."""
_SPACE = b" \t\r\n"
_records_adapter: TypeAdapter[list[Record]] = TypeAdapter(list[Record])


def records_in(payload: bytes, *, is_lines: bool = False) -> list[Record]:
    """The records of a payload, in order. `is_lines` says that it is NDJSON; else its first character decides.

    Raises: Rejected with every fault of every record.
    """
    text = payload.strip(_SPACE)
    if not text:
        raise Rejected.because("empty", "the payload is empty; send a record, an array of records, or one a line")
    if is_lines:
        return _each_line(text)
    if text.startswith(b"["):
        return _array(text)
    return _one_or_lines(text)


def _array(text: bytes) -> list[Record]:
    try:
        return _records_adapter.validate_json(text)
    except ValidationError as error:
        raise Rejected(faults_of(error, _decoded(text))) from error


def _one_or_lines(text: bytes) -> list[Record]:
    try:
        return [record_adapter.validate_json(text)]
    except ValidationError as error:
        if b"\n" in text and error.errors(include_url=False)[0]["type"] == "json_invalid":
            return _each_line(text)
        raise Rejected(faults_of(error, _decoded(text), index=0)) from error


def _each_line(text: bytes) -> list[Record]:
    records: list[Record] = []
    faults: list[Fault] = []
    for index, line in enumerate(_lines(text)):
        try:
            records.append(record_adapter.validate_json(line))
        except ValidationError as error:
            faults.extend(faults_of(error, _decoded(line), index))
    if faults:
        raise Rejected(faults)
    return records


def _lines(text: bytes) -> Iterable[bytes]:
    return (line for line in (line.strip(_SPACE) for line in text.split(b"\n")) if line)


def _decoded(text: bytes) -> Any:
    try:
        return decoded(text)
    except Rejected:
        return None
