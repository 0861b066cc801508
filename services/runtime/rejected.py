"""Refusals: what could not be read or processed, kept on `stepwell.rejected.v1` so that nothing is ever lost.

The value is the original, byte for byte; all that is known of the refusal is in headers, so that a payload of any
dialect, and one that is no JSON at all, is kept alike and can be sent again (`stepwell rejected redrive`). The key is
the refusal's id, so that compaction keeps one of what was refused twice by repetition, and takes away what was purged.
Invariant: `read(write(refusal)) == refusal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID, uuid5

from services.runtime.cloudevents import Header, texts
from services.runtime.errors import Fault
from services.runtime.mentions import Person, mentions
from services.runtime.producer import Message

ATTEMPTS = "stepwell_attempts"
"""Header of a redriven payload: how often it has been refused so far."""
DIALECT = "stepwell_dialect"
"""Header of a redriven payload that came over HTTP: the dialect that its path had said, where its shape does not."""
ORIGINAL = "original."
"""Prefix under which the headers of the original are kept."""
REDRIVEN = "redriven"
"""Header of a mark: the places, `partition:offset` joined by commas, of refusals that were sent back."""
KEY = "key"
"""Header that has the original's key."""
MAX_DETAIL = 2000
MAX_ATTEMPTS = 99_999
_REFUSALS = UUID("3b9e8a70-0a1f-5b53-8a4e-8d2c6a1b5f10")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where on Kafka a payload was; one that came over HTTP has none."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Payload:
    """What was sent, as it was sent."""

    value: bytes
    key: bytes = b""
    headers: tuple[Header, ...] = ()
    origin: Origin | None = None

    @classmethod
    def of(
        cls,
        value: bytes | None,
        key: bytes | None = None,
        headers: Iterable[tuple[str, bytes | None]] | None = None,
        origin: Origin | None = None,
    ) -> Self:
        """A payload from what a client library hands over, where anything may be missing."""
        return cls(
            value or b"", key or b"", tuple((name, bytes(content or b"")) for name, content in headers or ()), origin
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """One payload that was refused, why, and by which stage. `attempts` counts this refusal too."""

    payload: Payload
    fault: Fault
    stage: str
    refused_at: datetime
    source: str = ""
    dialect: str = ""
    attempts: int = 1


def refuse(
    payload: Payload, fault: Fault, *, stage: str, refused_at: datetime, source: str = "", dialect: str = ""
) -> Refusal:
    """The refusal of a payload, counting the earlier ones that a redriven payload tells of in its headers."""
    pointer = fault.pointer if fault.index is None else f"/{fault.index}{fault.pointer}"
    headers = tuple(header for header in payload.headers if header[0] != ATTEMPTS)
    return Refusal(
        payload=Payload(payload.value, payload.key, headers, payload.origin),
        fault=Fault(fault.code, pointer, fault.detail[:MAX_DETAIL]),
        stage=stage,
        refused_at=refused_at,
        source=source,
        dialect=dialect,
        attempts=_earlier_refusals(payload.headers) + 1,
    )


def write(refusal: Refusal, topic: str) -> Message:
    """The refusal as a message for the rejected topic."""
    facts = {
        "reason": refusal.fault.code,
        "detail": refusal.fault.detail,
        "pointer": refusal.fault.pointer,
        "stage": refusal.stage,
        "refused_at": refusal.refused_at.isoformat(),
        "source": refusal.source,
        "dialect": refusal.dialect,
        "attempts": str(refusal.attempts),
    }
    origin = refusal.payload.origin
    if origin is not None:
        facts["origin_topic"] = origin.topic
        facts["origin_partition"] = str(origin.partition)
        facts["origin_offset"] = str(origin.offset)
    headers = [(name, value.encode()) for name, value in facts.items()]
    headers.append((KEY, refusal.payload.key))
    headers.extend((ORIGINAL + name, content) for name, content in refusal.payload.headers)
    return Message(topic, str(refusal_id(refusal)).encode(), refusal.payload.value, headers)


def purge(purged: UUID, topic: str) -> Message:
    """The message that takes a refusal off the rejected topic: at once for who reads it, by compaction off the disk."""
    return Message(topic, str(purged).encode(), None, [])


def redriven_mark(places: Sequence[str], topic: str) -> Message:
    """The message that says which refusals, by `partition:offset`, were sent back to where they came from."""
    return Message(topic, f"{REDRIVEN} {places[0]}".encode(), b"", [(REDRIVEN, ",".join(places).encode())])


def redriven_places(headers: Iterable[tuple[str, bytes | None]] | None) -> list[str] | None:
    """The places that a mark names; None when the message is no mark."""
    marked = texts(headers).get(REDRIVEN)
    return None if marked is None else marked.split(",")


def refusal_id(refusal: Refusal) -> UUID:
    """What tells a refusal from every other: the place that the payload came from, or else when, from whom and what.

    The same message of a topic, refused again because it was read again, is the same refusal.
    """
    origin = refusal.payload.origin
    if origin is not None:
        name = f"{refusal.stage} {origin.topic} {origin.partition} {origin.offset}"
    else:
        digest = sha256(refusal.payload.value).hexdigest()
        name = f"{refusal.stage} {refusal.refused_at.isoformat()} {refusal.source} {digest}"
    return uuid5(_REFUSALS, name)


def mentioned_in(refusal: Refusal, person: Person) -> bool:
    """Whether what was refused, or its key or a header of it, mentions a person."""
    payload = refusal.payload
    return any(
        mentions(part, person) for part in (payload.value, payload.key, *(value for _, value in payload.headers))
    )


def read(value: bytes | None, key: bytes | None, headers: Iterable[tuple[str, bytes | None]] | None) -> Refusal:
    """The refusal that a message of the rejected topic holds.

    Raises: ValueError when it was not written by `write`.
    """
    pairs = [(name, bytes(content or b"")) for name, content in headers or ()]
    facts = texts((name, content) for name, content in pairs if not name.startswith(ORIGINAL))
    if "reason" not in facts or "refused_at" not in facts:
        raise ValueError("a message without reason and refused_at is no refusal")
    key = next((content for name, content in pairs if name == KEY), key)
    original = [(name.removeprefix(ORIGINAL), content) for name, content in pairs if name.startswith(ORIGINAL)]
    return Refusal(
        payload=Payload.of(value, key, original, _origin(facts)),
        fault=Fault(facts["reason"], facts.get("pointer", ""), facts.get("detail", "")),
        stage=facts.get("stage", ""),
        refused_at=datetime.fromisoformat(facts["refused_at"]),
        source=facts.get("source", ""),
        dialect=facts.get("dialect", ""),
        attempts=int(facts.get("attempts", "1")),
    )


def _origin(facts: dict[str, str]) -> Origin | None:
    if "origin_topic" not in facts:
        return None
    return Origin(facts["origin_topic"], int(facts["origin_partition"]), int(facts["origin_offset"]))


def _earlier_refusals(headers: Iterable[Header]) -> int:
    text = texts(headers).get(ATTEMPTS, "0")
    return min(int(text), MAX_ATTEMPTS) if text.isascii() and text.isdigit() else 0
