"""From what Kafka delivers to what `step` takes: a record, or holdings that another id sends on.

A record that cannot be read is set aside with the reason; the rest of its batch goes on. Reading is by the contract's
own models (`schemas.records`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import DecodeError
from pydantic import ValidationError

from schemas.records import record_adapter
from services.aggregate.rows import row_version
from services.aggregate.step import ABSORB_TYPE, Message
from services.core import branches
from services.runtime.batching.batch import ConsumerRecord
from services.runtime.errors import Fault

_ABSORB = ABSORB_TYPE.encode()
_read_record = record_adapter.validate_json


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
            what = branches.loads(record.value) if _is_absorb(record) else _read_record(record.value)
            worker_id = record.key.decode()
        except (ValidationError, DecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
            decoded.unread.append(Unread(record, fault_of(error)))
        else:
            version = row_version(epoch, record.offset)
            decoded.messages.append(Message(worker_id, what, version, record.value))
            decoded.origins.append(record)
    return decoded


def fault_of(error: Exception) -> Fault:
    """What is wrong with the record, and where in it."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return Fault("not_a_record", "".join(f"/{part}" for part in first["loc"]), first["msg"])
    return Fault("not_a_record", "", f"{type(error).__name__}: {error}")


def _is_absorb(record: ConsumerRecord) -> bool:
    return any(name == "ce_type" and value == _ABSORB for name, value in record.headers)
