"""What statements mean as learning records, and whether a key may say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from schemas.records import Record
from services.ingest.dialects.xapi.meaning import record_of
from services.ingest.intake import Intake, Sender, Settled
from services.ingest.lrs.deciding import Refused, Taken
from services.ingest.lrs.incoming import Incoming
from services.runtime.errors import Rejected
from services.runtime.producer import Message
from services.runtime.rejected import Payload


def meaning_of(taken: Taken, intake: Intake) -> tuple[list[Record], list[Message]]:
    """The learning record that a stored statement means, settled, and the messages to publish.

    A statement can be good and its meaning too large for a record: then a refusal is kept, and the statement stays.
    """
    sender = Sender(taken.tenant, "xapi", _any_kind, "xapi")
    received_at = datetime.fromtimestamp(taken.stored / 1_000_000, UTC)
    try:
        record = record_of(
            taken.statement,
            taken.statement_id,
            source=taken.tenant,
            received_at=received_at,
            meanings=intake.meanings(),
        )
        settled = intake.settled([(0, record)], sender) if record is not None else Settled()
    except Rejected as refusal:
        return [], [intake.refusal_message(_payload(taken), refusal, sender)]
    return list(settled.records), intake.messages(settled, sender)


def refusal_of(refused: Refused, intake: Intake) -> Message:
    """The message that keeps statements refused because one contradicts another of its id."""
    index = next(n for n, each in enumerate(refused.statements) if UUID(each["id"]) == refused.statement_id)
    refusal = Rejected.because("conflict", "another statement has this id; statements never change", "/id", index)
    payload = Payload(
        msgspec.json.encode([_as_sent(each) for each in refused.statements]),
        headers=(("content-type", b"application/json"), ("ce_source", refused.tenant.encode())),
    )
    return intake.refusal_message(payload, refusal, Sender(refused.tenant, "xapi", _any_kind, "xapi"))


def _as_sent(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in statement.items() if name != "authority"}


def _any_kind(_kind: str) -> bool:
    return True


def _payload(taken: Taken) -> Payload:
    return Payload(msgspec.json.encode(taken.statement), headers=(("content-type", b"application/json"),))


def require_kinds(incoming: Iterable[Incoming], intake: Intake, sender: Sender) -> None:
    """Return when the sender may send every kind of record that the statements mean.

    Raises: Rejected with code `scope`.
    """
    now, meanings = intake.clock(), intake.meanings()
    for index, each in enumerate(incoming):
        statement_id = UUID(bytes=each.statement_id)
        statement = msgspec.json.decode(each.body)
        record = record_of(statement, statement_id, source=sender.source, received_at=now, meanings=meanings)
        if record is not None:
            intake.require_scope([(index, record)], sender)
