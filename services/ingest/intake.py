"""From settled record to acknowledged message, and from refused payload to the rejected topic: one way for all routes.

Apart from the routes and from the inbox, so that HTTP and Kafka mean the same. Order matters: nothing is published
before all of a payload is good, and the caller hears "taken" only after Kafka acknowledged all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.records import Record, record_adapter
from services.core.settle import routing_key, settle
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.ingest.metrics import Metrics
from services.runtime.cloudevents import RECORD_TYPE, binary_headers
from services.runtime.errors import Fault, Rejected
from services.runtime.producer import Message, Producer
from services.runtime.rejected import Payload, refuse, write


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a payload, in which dialect, and which kinds of record they may send."""

    source: str
    dialect: str
    may_send: Callable[[str], bool]
    way: str
    """`http` or `inbox`."""
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Publishes records and keeps refusals."""

    producer: Producer
    metrics: Metrics
    records_topic: str
    rejected_topic: str
    trust_cap: int
    clock: Callable[[], datetime]
    """The time now, in UTC."""
    meanings: Callable[[], Meanings] = lambda: EMPTY_MEANINGS
    """What the catalog in force says of the ids of other systems."""

    def settled(self, records: Iterable[tuple[int, Record]], sender: Sender) -> list[Record]:
        """Records, each with its index in the payload, as they go on the log.

        Raises: Rejected with code `scope` when the sender may not send a kind.
        """
        pairs = list(records)
        self._refuse_out_of_scope(pairs, sender)
        now = self.clock()
        return [
            settle(record, source=sender.source, received_at=now, dialect=sender.dialect, trust_cap=self.trust_cap)
            for _, record in pairs
        ]

    def _refuse_out_of_scope(self, pairs: Iterable[tuple[int, Record]], sender: Sender) -> None:
        faults = [
            Fault("scope", "/kind", f"this key may not send records of kind {record.kind}; ask for the scope", index)
            for index, record in pairs
            if not sender.may_send(record.kind)
        ]
        if faults:
            raise Rejected(faults)

    async def publish(self, settled: Sequence[Record], sender: Sender) -> None:
        """Put settled records on the log; return once Kafka acknowledged them all.

        Raises: Unavailable when Kafka does not; then the same call is safe to repeat.
        """
        await self.producer.publish(self.messages(settled, sender))
        self.metrics.published(settled, sender.dialect)

    def messages(self, settled: Iterable[Record], sender: Sender) -> list[Message]:
        """Settled records as the messages that go on the log, in order."""
        return [record_message(record, self.records_topic, sender) for record in settled]

    async def keep_refused(self, payload: Payload, refusal: Rejected, sender: Sender) -> None:
        """Keep a refused payload; return once Kafka acknowledged it.

        Raises: Unavailable when Kafka does not.
        """
        await self.producer.publish([self.refusal_message(payload, refusal, sender)])
        self.metrics.refused.labels(refusal.first.code, sender.way).inc()

    def refusal_message(self, payload: Payload, refusal: Rejected, sender: Sender) -> Message:
        """A refused payload, with its first fault, as the message for the rejected topic."""
        refused = refuse(
            payload,
            _summary(refusal),
            stage=f"ingest.{sender.way}",
            refused_at=self.clock(),
            source=sender.source,
            dialect=sender.dialect,
        )
        return write(refused, self.rejected_topic)


def record_message(record: Record, topic: str, sender: Sender) -> Message:
    """A settled record as the message that goes on the log, keyed by the worker whose partition it belongs to."""
    headers = binary_headers(
        event_id=str(record.record_id),
        source=sender.source,
        event_type=RECORD_TYPE,
        time=record.occurred_at,
        traceparent=sender.traceparent,
    )
    value = record_adapter.dump_json(record, by_alias=True, exclude_none=True)
    return Message(topic, routing_key(record).encode(), value, headers)


def _summary(refusal: Rejected) -> Fault:
    first, others = refusal.first, len(refusal.faults) - 1
    detail = f"{first.detail} (and {others} more)" if others else first.detail
    return Fault(first.code, first.pointer, detail, first.index)
