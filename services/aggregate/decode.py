"""From what Kafka delivers to what `step` takes: a record, or holdings that another id sends on.

A record that cannot be read is set aside with the reason; the rest of its batch goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import DecodeError
from pydantic import ValidationError

from schemas.records import Record, record_adapter
from services.aggregate.canonical import record_reader
from services.aggregate.rows import row_version
from services.aggregate.step import ABSORB_TYPE, Message
from services.core import branches
from services.runtime.batching.batch import ConsumerRecord
from services.runtime.errors import Fault, Rejected

OBJECT = b"{"
SETTLED = ("record_id", "worker_id", "source", "received_at")
"""What ingest fills in, so that nothing on the records topic lacks it."""

_ABSORB = ABSORB_TYPE.encode()
_read_canonical = record_reader()


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that is left out of its batch, and why."""

    record: ConsumerRecord
    fault: Fault


@dataclass(frozen=True, slots=True)
class Decoded:
    """A batch, sorted into what can be processed and what cannot. `origins` has each message's record, in order."""

    messages: list[Message]
    origins: list[ConsumerRecord]
    unread: list[Unread]


def decode(records: Sequence[ConsumerRecord], epoch: int) -> Decoded:
    """All of the records, in their order; `epoch` is the life of the log that they are from."""
    decoded = Decoded([], [], [])
    for record in records:
        try:
            message = Message(_key(record), _read(record), row_version(epoch, record.offset), record.value)
        except (Rejected, ValidationError, DecodeError, UnicodeDecodeError) as error:
            decoded.unread.append(Unread(record, fault_of(error)))
        else:
            decoded.messages.append(message)
            decoded.origins.append(record)
    return decoded


def fault_of(error: Exception) -> Fault:
    """What is wrong with the record, and where in it."""
    if isinstance(error, Rejected):
        return error.first
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return Fault("not_a_record", "".join(f"/{part}" for part in first["loc"]), first["msg"])
    return Fault("not_a_record", "", f"{type(error).__name__}: {error}")


def _key(record: ConsumerRecord) -> str:
    if not record.key:
        raise Rejected.because("no_key", "a message of the records topic has a worker id as its key")
    return str(record.key.decode())


def _read(record: ConsumerRecord) -> Any:
    value = record.value
    if value is None:
        raise Rejected.because("not_a_record", "the message is empty")
    if not value.startswith(OBJECT) and _is_absorb(record):
        return branches.loads(value)
    try:
        found = _read_canonical(value)
    except DecodeError:
        found = record_adapter.validate_json(value)  # not as ingest writes it; the models decide, and say what is wrong
    return _settled(found)


def _settled(record: Record) -> Record:
    for member in SETTLED:
        if getattr(record, member) is None:
            raise Rejected.because("not_settled", "records are settled by ingest before they come here", f"/{member}")
    return record


def _is_absorb(record: ConsumerRecord) -> bool:
    return any(name == "ce_type" and value == _ABSORB for name, value in record.headers)
