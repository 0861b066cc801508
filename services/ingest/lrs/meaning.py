"""What statements mean as learning records, and whether a key may say it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from schemas.records import Record
from services.ingest.dialects.xapi.meaning import record_of
from services.ingest.intake import Intake, Sender
from services.ingest.lrs.deciding import Taken
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
        record = record_of(taken.statement, taken.statement_id, source=taken.tenant, received_at=received_at)
        settled = intake.settled([(0, record)], sender) if record is not None else []
    except Rejected as refusal:
        return [], [intake.refusal_message(_payload(taken), refusal, sender)]
    return settled, intake.messages(settled, sender)


def _any_kind(_kind: str) -> bool:
    return True


def _payload(taken: Taken) -> Payload:
    return Payload(msgspec.json.encode(taken.statement), headers=(("content-type", b"application/json"),))


def require_kinds(incoming: Iterable[Incoming], intake: Intake, sender: Sender) -> None:
    """Return when the sender may send every kind of record that the statements mean.

    Raises: Rejected with code `scope`.
    """
    now = intake.clock()
    for index, each in enumerate(incoming):
        statement_id = UUID(bytes=each.statement_id)
        record = record_of(msgspec.json.decode(each.body), statement_id, source=sender.source, received_at=now)
        if record is not None:
            intake.settled([(index, record)], sender)
