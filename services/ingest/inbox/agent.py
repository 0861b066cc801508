"""One batch of the inbox: read every message, publish what they mean and what they refuse, then let the log move on.

Order matters: offsets are committed only after Kafka acknowledged all that the batch became, so a crash repeats work
and loses nothing, and repeated work gives the same ids.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import structlog

from schemas.records import Record
from services.ingest.dialects.detect import dialect_of
from services.ingest.inbox.reading import Reading, arrival_of, dialect_said_by, read_as, source_of
from services.ingest.inbox.statements import Posted, Posting
from services.ingest.intake import Intake, Sender
from services.runtime.batching.batch import Batch, ConsumerRecord, Withdrawn
from services.runtime.cloudevents import texts
from services.runtime.errors import Rejected, Unavailable
from services.runtime.producer import Message
from services.runtime.rejected import Origin, Payload
from services.runtime.retry import until_available

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0


class Outcome(NamedTuple):
    """What one message became: messages to publish, records and statements to count, or the code it was refused for."""

    payload: Payload
    sender: Sender
    messages: list[Message]
    records: list[Record]
    refused_for: str | None = None
    statements: int = 0


def outcome_of(record: ConsumerRecord, intake: Intake, posting: Posting) -> Outcome:
    """What one message becomes; never raises for what a message holds."""
    origin = Origin(record.topic, record.partition, record.offset)
    payload = Payload.of(record.value, record.key, record.headers, origin)
    arrival = arrival_of(payload, _time_of(record))
    try:
        dialect = dialect_of(arrival)
        if dialect.NAME == "xapi":
            return _posted(payload, posting.posted(payload, arrival.received_at))
        return _accepted(payload, read_as(dialect, arrival, intake.meanings()), intake)
    except Rejected as refusal:
        return _refused(payload, refusal, intake)


def _posted(payload: Payload, posted: Posted) -> Outcome:
    return Outcome(payload, _sender(posted.source, "xapi", None), [posted.message], [], statements=posted.statements)


def _time_of(record: ConsumerRecord) -> datetime:
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)


def _accepted(payload: Payload, reading: Reading, intake: Intake) -> Outcome:
    traceparent = texts(payload.headers).get("traceparent")
    sender = _sender("", reading.dialect, traceparent)
    messages: list[Message] = []
    records: list[Record] = []
    for source, indexed in reading.records.items():
        sender = _sender(source, reading.dialect, traceparent)
        settled = intake.settled(indexed, sender, reading.originals)
        records.extend(settled.records)
        messages.extend(intake.messages(settled, sender))
    if reading.unattributed:
        whose = _sender(source_of(payload), reading.dialect, traceparent)
        messages.append(intake.unattributed_message(payload, reading.unattributed, whose))
    return Outcome(payload, sender, messages, records)


def _refused(payload: Payload, refusal: Rejected, intake: Intake) -> Outcome:
    sender = _sender(source_of(payload), dialect_said_by(payload), None)
    message = intake.refusal_message(payload, refusal, sender)
    return Outcome(payload, sender, [message], [], refusal.first.code)


def _sender(source: str, dialect: str, traceparent: str | None) -> Sender:
    return Sender(source, dialect, lambda _kind: True, "inbox", traceparent)


async def process(batch: Batch, intake: Intake, posting: Posting) -> None:
    """Take one batch in, however long Kafka takes; give it up once it is no longer ours."""
    try:
        await _until_known(batch, intake)
        outcomes = [outcome_of(record, intake, posting) for record in batch.records]
        outcomes = await _publish(batch, outcomes, intake)
    except Withdrawn:
        batch.abandon()
        return
    for outcome in outcomes:
        intake.metrics.published(outcome.records, outcome.sender.dialect)
        intake.metrics.statements.inc(outcome.statements)
        if outcome.refused_for is not None:
            intake.metrics.refused.labels(outcome.refused_for, outcome.sender.way).inc()
    batch.complete()


async def _until_known(batch: Batch, intake: Intake) -> None:
    """Wait until the key that hides addresses can be told."""

    def waits(error: Unavailable, _: float) -> None:
        log.warning("inbox_waits_for_identity_key", detail=error.detail)

    await _until_done(batch, lambda: asyncio.to_thread(intake.identity), waits)


async def _publish(batch: Batch, outcomes: Sequence[Outcome], intake: Intake) -> list[Outcome]:
    """Publish all; what Kafka refuses as too large becomes a refusal. The outcomes as they were in the end."""

    def waits(error: Unavailable, _: float) -> None:
        log.warning("inbox_waits_for_kafka", partition=batch.tp.partition, detail=error.detail)

    try:
        await _until_done(batch, lambda: intake.producer.publish(list(_messages(outcomes))), waits)
    except Rejected:
        return [await _publish_alone(batch, outcome, intake) for outcome in outcomes]
    return list(outcomes)


async def _publish_alone(batch: Batch, outcome: Outcome, intake: Intake) -> Outcome:
    while True:
        try:
            await _until_done(batch, partial(intake.producer.publish, outcome.messages), lambda *_: None)
        except Rejected as refusal:
            outcome = _refused(outcome.payload, refusal, intake)
        else:
            return outcome


async def _until_done(
    batch: Batch, attempt: Callable[[], Awaitable[object]], on_wait: Callable[[Unavailable, float], None]
) -> None:
    """Return once `attempt` worked. Raises: Withdrawn when the batch is no longer ours."""
    batch.ensure_wanted()
    await until_available(
        attempt, batch.pause, on_wait, first_seconds=FIRST_PAUSE_SECONDS, longest_seconds=LONGEST_PAUSE_SECONDS
    )


def _messages(outcomes: Iterable[Outcome]) -> Iterator[Message]:
    for outcome in outcomes:
        yield from outcome.messages
