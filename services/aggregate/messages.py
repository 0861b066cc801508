"""What the aggregate publishes: progress, what linked ids send on, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas.progress import Progress
from services.aggregate.decode import Unread
from services.aggregate.step import Changes
from services.aggregate.topics import Names
from services.runtime.batching.batch import ConsumerRecord
from services.runtime.producer import Message
from services.runtime.rejected import Origin, Payload, refuse, write

STAGE = "aggregate"


def progress_key(worker_id: str, stack_id: str) -> bytes:
    """The key that keeps the latest progress of one worker on one stack."""
    return f"{worker_id}\n{stack_id}".encode()


def of_changes(changes: Changes, names: Names, partition: int) -> Iterator[Message]:
    """Everything that a step's changes say to others; `partition` is the one of the records that they follow from.

    Progress goes where its worker's records are: so all of a worker is in one partition of either topic, and nobody
    hashes keys of a hundred octets, which costs more than writing them.
    """
    for key, value, headers in changes.outgoing:
        yield Message(names.records, key, value, headers)
    for progress in changes.progress_messages:
        key = progress_key(progress.worker_id, progress.stack_id)
        yield Message(names.progress, key, _json(progress), [], partition)
    for worker_id, stack_id in changes.progress_gone:
        yield Message(names.progress, progress_key(worker_id, stack_id), None, [], partition)


def of_unread(unread: Iterable[Unread], names: Names, refused_at: datetime) -> Iterator[Message]:
    """The refusals of what was left out, with the original bytes and where they were."""
    for left_out in unread:
        refusal = refuse(_payload(left_out.record), left_out.fault, stage=STAGE, refused_at=refused_at)
        yield write(refusal, names.rejected)


def _json(progress: Progress) -> bytes:
    return progress.model_dump_json(by_alias=True).encode()


def _payload(record: ConsumerRecord) -> Payload:
    origin = Origin(record.topic, record.partition, record.offset)
    return Payload.of(record.value, record.key, record.headers, origin)
