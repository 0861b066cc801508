"""Records from a file: NDJSON, a JSON array, or one JSON object, in the native form. Every fault is kept with its line.

Offline there is no credential to take a source or a trust from, so both are taken as stated: a record without `source`
is of the source "file", one without `trust` has that of an authenticated source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from schemas.records import Award, Completion, Record, record_adapter
from services.core.settle import settle
from services.core.stacks.faults import pointer

SOURCE = "file"
TRUST = 1


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with one record: its line (of an array: its number, from 1), the JSON pointer, and the reason."""

    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.path or '/'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What a file holds: the good records, settled, and the faults of the others."""

    records: tuple[Record, ...]
    faults: tuple[RecordFault, ...]


def read_records(data: bytes) -> RecordFile:
    """The records in a file's bytes."""
    records: list[Record] = []
    faults: list[RecordFault] = []
    try:
        items = list(_items(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        return RecordFile((), (RecordFault(1, "", f"not JSON: {error}"),))
    for line, text in items:
        try:
            records.append(_settled(record_adapter.validate_json(text)))
        except ValidationError as error:
            faults += _faults(line, error)
    return RecordFile(tuple(records), tuple(faults))


def _items(text: str) -> Iterator[tuple[int, str]]:
    stripped = text.strip()
    if stripped.startswith("["):
        yield from ((number, json.dumps(item)) for number, item in enumerate(json.loads(stripped), start=1))
    elif _is_one_object(stripped):
        yield 1, stripped
    else:
        lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
        yield from ((number, line) for number, line in lines if line)


def _is_one_object(text: str) -> bool:
    """Whether a text of several lines is one JSON object, written out wide."""
    if not text.startswith("{") or "\n" not in text:
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _settled(record: Record) -> Record:
    stated = record.trust if isinstance(record, Award | Completion) else None
    return settle(
        record,
        source=record.source or SOURCE,
        received_at=record.received_at or record.occurred_at,
        trust_cap=TRUST if stated is None else stated,
    )


def _faults(line: int, error: ValidationError) -> Iterator[RecordFault]:
    for detail in error.errors(include_url=False, include_context=False):
        kind, *rest = detail["loc"] or ("",)
        steps = rest if kind != "kind" else [kind, *rest]
        yield RecordFault(line, pointer(steps), _reason(detail["type"], detail["msg"]))


def _reason(type_: str, message: str) -> str:
    if type_ == "extra_forbidden":
        return "unknown field"
    if type_ == "missing":
        return "this field is needed"
    if type_.startswith("union_tag"):
        return "`kind` must be one of the record kinds"
    return message.removeprefix("Value error, ")
