"""From settled record to acknowledged message, and from refused payload to the rejected topic: one way for all routes.

Apart from the routes and from the inbox, so that HTTP and Kafka mean the same. Order matters: nothing is published
before all of a payload is good, and the caller hears "taken" only after Kafka acknowledged all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schemas.records import RESERVED_KINDS, Record, record_adapter
from services.core.pseudonyms import Stated, hidden
from services.core.settle import routing_key, settle
from services.ingest.dialects.dialect import Original
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.ingest.identity.introducing import Introducing
from services.ingest.identity.introductions import Forgetting, message_of
from services.ingest.metrics import Metrics
from services.runtime.cloudevents import CREDENTIAL_TYPE, RECORD_TYPE, binary_headers
from services.runtime.errors import Fault, Rejected, Unavailable
from services.runtime.identity import IdentityKey
from services.runtime.producer import Message, Producer
from services.runtime.rejected import Payload, refuse, write

REFUSED, KEPT = "ingest", "kept"
"""Stages of what is on the rejected topic: refused, or taken in and kept for what no record says of it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a payload, in which dialect, and which kinds of record they may send."""

    source: str
    dialect: str
    may_send: Callable[[str], bool]
    way: str
    """`http` or `inbox`."""
    traceparent: str | None = None


class Settled(NamedTuple):
    """Records as they go on the log, the accounts behind pseudonyms in them, and the originals that they are from."""

    records: Sequence[Record] = ()
    stated: Sequence[Stated] = ()
    originals: Sequence[Original] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """Where what is taken in goes."""

    records: str
    rejected: str
    identities: str
    credentials: str


@dataclass(frozen=True, slots=True)
class Intake:
    """Publishes records and keeps refusals."""

    producer: Producer
    metrics: Metrics
    topics: Topics
    identity: Callable[[], IdentityKey]
    """The key that hides addresses. Raises: Unavailable while nobody can tell it."""
    introducing: Introducing
    trust_cap: int
    clock: Callable[[], datetime]
    """The time now, in UTC."""
    meanings: Callable[[], Meanings] = lambda: EMPTY_MEANINGS
    """What the catalog in force says of the ids of other systems."""

    def settled(
        self, records: Iterable[tuple[int, Record]], sender: Sender, originals: Sequence[Original] = ()
    ) -> Settled:
        """Records, each with its index in the payload, as they go on the log: without anybody's address.

        Raises: Rejected with code `scope` when the sender may not send a kind; Unavailable while there is no key.
        """
        pairs = list(records)
        self.require_scope(pairs, sender)
        now, key = self.clock(), self.identity().digesting
        seen = [hidden(record, key) for _, record in pairs]
        settled = [
            settle(each.record, source=sender.source, received_at=now, dialect=sender.dialect, trust_cap=self.trust_cap)
            for each in seen
        ]
        return Settled(settled, [stated for each in seen for stated in each.stated], originals)

    def require_scope(self, pairs: Iterable[tuple[int, Record]], sender: Sender) -> None:
        """Return when the sender may send every kind.

        Raises: Rejected with code `scope`, or `reserved` where nobody may send a kind.
        """
        faults = [fault for index, record in pairs if (fault := _out_of_scope(record.kind, index, sender)) is not None]
        if faults:
            raise Rejected(faults)

    async def publish(self, settled: Settled, sender: Sender) -> None:
        """Put settled records on the log; return once Kafka acknowledged them all.

        Raises: Unavailable when Kafka does not; then the same call is safe to repeat.
        """
        try:
            await self.producer.publish(self.messages(settled, sender))
        except (Unavailable, Rejected):
            self.introducing.forget(settled.stated)
            raise
        self.metrics.published(settled.records, sender.dialect)

    def messages(self, settled: Settled, sender: Sender) -> list[Message]:
        """Settled records as the messages that go on the log, in order; then what goes beside them on other topics."""
        now, topics = self.clock(), self.topics
        made = [record_message(record, topics.records, sender) for record in settled.records]
        made.extend(self.introducing.messages(settled.stated, sender.source, now))
        for record in settled.records:
            if record.kind == "erasure" and record.worker_id is not None:
                self.introducing.forget_worker(record.worker_id)
                made.append(message_of(Forgetting(record.worker_id, record.occurred_at), topics.identities))
        made.extend(original_message(original, topics.credentials, sender, now) for original in settled.originals)
        return made

    async def keep_refused(self, payload: Payload, refusal: Rejected, sender: Sender) -> None:
        """Keep a refused payload; return once Kafka acknowledged it.

        Raises: Unavailable when Kafka does not.
        """
        await self.producer.publish([self.refusal_message(payload, refusal, sender)])
        self.metrics.refused.labels(refusal.first.code, sender.way).inc()

    async def keep_unattributed(self, payload: Payload, untold: Sequence[Fault], sender: Sender) -> None:
        """Keep a payload that was taken in and said more than its records do; return once Kafka acknowledged it.

        Raises: Unavailable when Kafka does not; then the whole payload is safe to send again.
        """
        await self.producer.publish([self.unattributed_message(payload, untold, sender)])

    def unattributed_message(self, payload: Payload, untold: Sequence[Fault], sender: Sender) -> Message:
        """Such a payload as the message for the rejected topic, where it is kept beside what was refused."""
        return self.refusal_message(payload, Rejected(list(untold)), sender, KEPT)

    def refusal_message(self, payload: Payload, refusal: Rejected, sender: Sender, stage: str = REFUSED) -> Message:
        """A refused payload, with its first fault, as the message for the rejected topic."""
        refused = refuse(
            payload,
            _summary(refusal),
            stage=f"{stage}.{sender.way}",
            refused_at=self.clock(),
            source=sender.source,
            dialect=sender.dialect,
        )
        return write(refused, self.topics.rejected)


def _out_of_scope(kind: str, index: int, sender: Sender) -> Fault | None:
    if kind in RESERVED_KINDS:
        detail = (
            f"records of kind {kind} are stated by Stepwell's own verification; send the credential to /credentials"
        )
        return Fault("reserved", "/kind", detail, index)
    if sender.may_send(kind):
        return None
    return Fault("scope", "/kind", f"this key may not send records of kind {kind}; ask for the scope", index)


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


def original_message(original: Original, topic: str, sender: Sender, now: datetime) -> Message:
    """A credential as it was sent, for whoever verifies it."""
    headers = binary_headers(
        event_id=original.digest,
        source=sender.source,
        event_type=CREDENTIAL_TYPE,
        time=now,
        content_type=original.media_type,
        traceparent=sender.traceparent,
    )
    return Message(topic, original.digest.encode(), original.content, headers)


def _summary(refusal: Rejected) -> Fault:
    first, others = refusal.first, len(refusal.faults) - 1
    detail = f"{first.detail} (and {others} more)" if others else first.detail
    return Fault(first.code, first.pointer, detail, first.index)
