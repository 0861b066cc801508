"""From a message of the event bus to an event: its attributes from the headers, its data from Avro or JSON.

Avro comes in Confluent's wire format: a zero octet, four octets that number the schema in a registry, and the datum.
The number is not looked up: the schema is known by the type of the event. What is left over, or missing, says that the
producer's schema is another one.
Source: CloudEvents 1.0 Kafka Protocol Binding, 3.2 and 3.3; Confluent wire format,
https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from fastavro import parse_schema, schemaless_reader

from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.documents import object_in
from services.ingest.dialects.forms import Form, form_of, json_type
from services.ingest.dialects.openedx.events import EVENTS, NULL_IN_JSON, RECORDS, avro_schema
from services.runtime.cloudevents import attribute
from services.runtime.errors import Fault, Rejected

_FRAME_OCTETS = 5
_UNREADABLE = (
    EOFError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    AssertionError,
    struct.error,
)
"""What fastavro raises for octets that are no such datum."""
_FORMS = {"string": Form.TEXT, "long": Form.INTEGER, "double": Form.NUMBER, "boolean": Form.BOOLEAN}


class Event(NamedTuple):
    """One event. `data` is None when its type means nothing here; `time` and `event_id` as they were stated, or ""."""

    type: str
    event_id: str
    source: str
    time: str
    data: Mapping[str, Any] | None


def event_in(arrival: Arrival) -> Event:
    """The event of a message, in CloudEvents' binary or structured mode.

    Raises: Rejected with every fault of its data, or when it cannot be read at all.
    """
    headers = dict(arrival.headers)
    stated: Mapping[str, Any] = {name: attribute(headers, name) for name in ("type", "id", "source", "time")}
    document: Any = None
    if not arrival.payload.startswith(b"\x00"):
        document = object_in(arrival.payload)
        if "specversion" in document and "data" in document:
            stated, document = {**stated, **document}, document["data"]
    type_, event_id, source, time = (_text(stated.get(name)) for name in ("type", "id", "source", "time"))
    if type_ not in EVENTS:
        return Event(type_, event_id, source, time, None)
    data = _from_avro(arrival.payload, type_) if document is None else document
    member, record = EVENTS[type_]
    faults = list(_faults(data, {member: record}, "", ""))
    if faults:
        raise Rejected(faults)
    return Event(type_, event_id, source, time, data[member])


def _from_avro(payload: bytes, event_type: str) -> Any:
    datum = BytesIO(payload[_FRAME_OCTETS:])
    try:
        data = schemaless_reader(datum, _schema(event_type), None)
    except _UNREADABLE as error:
        raise _other_schema(event_type) from error
    if datum.read(1):
        raise _other_schema(event_type)
    return data


def _other_schema(event_type: str) -> Rejected:
    detail = (
        f"this is no {event_type} as Avro in Confluent's wire format; its producer has another version of the schema"
    )
    return Rejected.because("unreadable_avro", detail)


@cache
def _schema(event_type: str) -> Any:
    return parse_schema(avro_schema(event_type))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _faults(value: Any, described: Mapping[str, str], pointer: str, name: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault("wrong_type", pointer, f"{name or 'the data'} must be an object, not {json_type(value)}")
        return
    for member, kind in described.items():
        inner = value.get(member)
        if inner is None:
            if not kind.endswith("?") and not (member in NULL_IN_JSON and member in value):
                yield Fault("missing", f"{pointer}/{member}", f"{member} is required")
            continue
        base = kind.removesuffix("?")
        if base in RECORDS:
            yield from _faults(inner, RECORDS[base], f"{pointer}/{member}", member)
        elif (wrong := form_of(inner, _FORMS[base])) is not None:
            yield Fault(wrong.code, f"{pointer}/{member}", f"{member} {wrong.detail}")
