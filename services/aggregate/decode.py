"""From what Kafka delivers to what `step` takes: a record, or holdings that another id sends on.

A record that cannot be read is set aside with the reason; the rest of its batch goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from msgspec import DecodeError
from pydantic import ValidationError

from schemas.records import Record, record_adapter
from services.aggregate.canonical import record_reader
from services.aggregate.step import ABSORB_TYPE, Message
from services.core import branches
from services.runtime.batching.batch import ConsumerRecord
from services.runtime.epochs import row_version
from services.runtime.errors import Fault, Rejected

OBJECT = b"{"
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
    messages: list[Message] = []
    origins: list[ConsumerRecord] = []
    unread: list[Unread] = []
    before_first = row_version(epoch, 0)
    for record in records:
        try:
            message = Message(_key(record), _read(record), before_first + record.offset, record.value)
        except (Rejected, ValidationError, DecodeError, UnicodeDecodeError) as error:
            unread.append(Unread(record, fault_of(error)))
        else:
            messages.append(message)
            origins.append(record)
    return Decoded(messages, origins, unread)


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
    return cast("str", record.key.decode())


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
    if found.record_id is None or found.worker_id is None or found.source is None or found.received_at is None:
        raise _not_settled(found)
    return found


def _not_settled(record: Record) -> Rejected:
    """The refusal of a record that lacks what ingest fills in."""
    members = ("record_id", "worker_id", "source", "received_at")
    pointer = next(f"/{member}" for member in members if getattr(record, member) is None)
    return Rejected.because("not_settled", "records are settled by ingest before they come here", pointer)


def _is_absorb(record: ConsumerRecord) -> bool:
    return any(name == "ce_type" and value == _ABSORB for name, value in record.headers)
