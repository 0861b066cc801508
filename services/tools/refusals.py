"""Reading the rejected topic, sending refused payloads back where they came from, and taking them away for good.

A payload that was sent back is marked by a message on the same topic, so that sending back "all that are left" twice
sends nothing twice; even if it did, equal content has equal ids. A payload that was refused too often is left alone:
it would only go round in circles. What is purged gets a message without value under its id: nobody reads it from then
on, and compaction takes it off the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from kafka import KafkaProducer
from kafka.errors import KafkaError

from services.runtime.cloudevents import RECORD_TYPE, Header, attribute, texts
from services.runtime.errors import Unavailable
from services.runtime.kafka_admin import reachable
from services.runtime.mentions import Person
from services.runtime.rejected import (
    ATTEMPTS,
    DIALECT,
    Refusal,
    mentioned_in,
    purge,
    read,
    redriven_mark,
    redriven_places,
    refusal_id,
)
from services.runtime.topics import INBOX
from services.runtime.whole_log import whole_log

MARK_SIZE = 500
_NOBODYS = UUID(int=0)
NEEDS_NAMING = "scope"
"""Refused because its source may not state such a fact. The inbox asks for no scope, so sending this back overrules
the refusal: never done in passing, only when it is named by place or reason."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One refusal and its place on the rejected topic."""

    partition: int
    offset: int
    refusal: Refusal
    is_redriven: bool = False

    @property
    def place(self) -> str:
        """`partition:offset`."""
        return f"{self.partition}:{self.offset}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which refusals are meant; members left out do not restrict. `since` and `until` (exclusive) are zone-aware."""

    reason: str | None = None
    source: str | None = None
    stage: str | None = None
    dialect: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    places: frozenset[str] = frozenset()
    person: Person | None = None
    """Whom the payload, or what came with it, has to mention."""

    def admits(self, kept: Kept) -> bool:
        """Whether a refusal is meant."""
        refusal = kept.refusal
        pairs = (
            (self.reason, refusal.fault.code),
            (self.source, refusal.source),
            (self.stage, refusal.stage),
            (self.dialect, refusal.dialect),
        )
        return (
            all(wanted is None or wanted == actual for wanted, actual in pairs)
            and (self.since is None or refusal.refused_at >= self.since)
            and (self.until is None or refusal.refused_at < self.until)
            and (not self.places or kept.place in self.places)
            and (self.person is None or mentioned_in(refusal, self.person))
        )

    def means(self, kept: Kept) -> bool:
        """Whether a redrive may send this back: admitted, and named where it must be."""
        is_named = kept.place in self.places or self.reason == NEEDS_NAMING
        return self.admits(kept) and (is_named or kept.refusal.fault.code != NEEDS_NAMING)


def kept_refusals(bootstrap: str, topic: str, wanted: Filter | None = None) -> list[Kept]:
    """The refusals on the topic that a filter admits, oldest first within a partition.

    Raises: Unavailable when Kafka does not answer.
    """
    kept: dict[UUID, Kept] = {}
    redriven: set[str] = set()
    for message in whole_log(bootstrap, topic):
        marked = redriven_places(message.headers)
        if marked is not None:
            redriven.update(marked)
        elif message.value is None:
            kept.pop(_id_in(message.key), None)
        else:
            _keep(message, kept)
    chosen = wanted or Filter()
    known = (replace(each, is_redriven=each.place in redriven) for each in kept.values())
    return sorted((each for each in known if chosen.admits(each)), key=lambda each: (each.partition, each.offset))


def _keep(message: Any, kept: dict[UUID, Kept]) -> None:
    """Add a refusal; one that came before, because its payload was read twice, keeps its place."""
    try:
        refusal = read(message.value, message.key, message.headers)
    except ValueError:
        return  # somebody else's message
    kept.setdefault(refusal_id(refusal), Kept(message.partition, message.offset, refusal))


def _id_in(key: bytes | None) -> UUID:
    try:
        return UUID((key or b"").decode())
    except ValueError:
        return _NOBODYS


def purge_all(bootstrap: str, topic: str, refusals: Iterable[Kept]) -> int:
    """Take refusals away for good, acknowledged; how many there were.

    Raises: Unavailable when Kafka does not answer; what was acknowledged is gone.
    """
    with reachable(bootstrap), closing(_producer(bootstrap)) as producer:
        sent = [producer.send(topic, None, key=purge(refusal_id(kept.refusal), topic).key) for kept in refusals]
        producer.flush(timeout=30)
        for future in sent:
            future.get(timeout=30)
    return len(sent)


@dataclass(frozen=True, slots=True)
class Redriven:
    """What a redrive did: payloads sent back, left since they were sent back before, left since refused too often."""

    sent: int
    already: int
    too_often: int


def redrive(
    bootstrap: str,
    topic: str,
    refusals: Iterable[Kept],
    *,
    max_attempts: int,
    per_second: float | None = None,
    progress: Callable[[int], None] = lambda _number: None,
) -> Redriven:
    """Send refused payloads back, original bytes and headers, to the topic they came from, or to the inbox.

    Each is acknowledged before it is marked. `progress` is told how many were sent so far.

    Raises: Unavailable when Kafka does not answer; what was marked is done.
    """
    chosen = list(refusals)
    due = due_refusals(chosen, max_attempts)
    with reachable(bootstrap), closing(_producer(bootstrap)) as producer:
        for start in range(0, len(due), MARK_SIZE):
            _send(producer, due[start : start + MARK_SIZE], per_second)
            _mark(producer, topic, due[start : start + MARK_SIZE])
            progress(min(start + MARK_SIZE, len(due)))
    already = sum(each.is_redriven for each in chosen)
    return Redriven(len(due), already, len(chosen) - len(due) - already)


def due_refusals(refusals: Iterable[Kept], max_attempts: int) -> list[Kept]:
    """Those that a redrive would send: not sent back before, and not refused too often."""
    return [each for each in refusals if not each.is_redriven and each.refusal.attempts < max_attempts]


def _producer(bootstrap: str) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=bootstrap, acks="all", linger_ms=20, max_request_size=16 << 20, bootstrap_timeout_ms=5_000
    )


def _send(producer: KafkaProducer, refusals: Sequence[Kept], per_second: float | None) -> None:
    started_at = monotonic()
    sent = []
    for number, kept in enumerate(refusals):
        if per_second:
            sleep(max(0.0, started_at + number / per_second - monotonic()))
        refusal = kept.refusal
        target = refusal.payload.origin.topic if refusal.payload.origin else INBOX
        key = refusal.payload.key or None
        sent.append(producer.send(target, refusal.payload.value, key=key, headers=headers_back(refusal)))
    producer.flush(timeout=30)
    for future in sent:
        future.get(timeout=30)


def headers_back(refusal: Refusal) -> list[Header]:
    """The original headers, how often it was refused, and for what came over HTTP, what the request had said."""
    known = texts(refusal.payload.headers)
    headers = [*refusal.payload.headers, (ATTEMPTS, str(refusal.attempts).encode())]
    if refusal.payload.origin is None:
        if refusal.source and attribute(known, "source") is None:
            headers.append(("ce_source", refusal.source.encode()))
        if refusal.dialect == "native" and attribute(known, "type") is None:
            headers.append(("ce_type", RECORD_TYPE.encode()))
        if refusal.dialect:
            headers.append((DIALECT, refusal.dialect.encode()))
    return headers


def _mark(producer: KafkaProducer, topic: str, refusals: Sequence[Kept]) -> None:
    mark = redriven_mark([kept.place for kept in refusals], topic)
    try:
        producer.send(topic, mark.value, key=mark.key, headers=list(mark.headers)).get(timeout=30)
    except KafkaError as error:
        raise Unavailable("kafka", f"sent, but not marked as sent: {error}") from error
