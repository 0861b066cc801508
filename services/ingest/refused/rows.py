"""What one batch of the rejected topic is in the table of refusals. Pure.

A row has no payload: what was sent may tell of persons, and stays on the topic, which `stepwell rejected show` reads.
Versions grow with the place on the topic, so a batch that is written twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from services.runtime.rejected import read, redriven_places, refusal_id

COLUMNS = (
    "refusal_id",
    "place",
    "refused_at",
    "source",
    "dialect",
    "stage",
    "reason",
    "pointer",
    "detail",
    "attempts",
    "octets",
    "digest",
    "version",
)
_STEPS = 4
"""Versions that one refusal may use: as it came, sent back, purged."""


class Told(NamedTuple):
    """What a batch tells: refusals as rows, places that were sent back, ids that were purged."""

    rows: list[tuple[Any, ...]]
    redriven: list[str]
    purged: list[UUID]


def told(messages: Iterable[Any]) -> Told:
    """What Kafka messages tell, each with partition, offset, key, value and headers."""
    found = Told([], [], [])
    for message in messages:
        marked = redriven_places(message.headers)
        if marked is not None:
            found.redriven.extend(marked)
        elif message.value is None:
            found.purged.extend(_id_of(message.key))
        else:
            found.rows.extend(_row(message))
    return found


def _row(message: Any) -> Iterable[tuple[Any, ...]]:
    try:
        refusal = read(message.value, message.key, message.headers)
    except ValueError:
        return  # somebody else's message
    payload = refusal.payload
    yield (
        refusal_id(refusal),
        f"{message.partition}:{message.offset}",
        refusal.refused_at,
        refusal.source,
        refusal.dialect,
        refusal.stage,
        refusal.fault.code,
        refusal.fault.pointer,
        refusal.fault.detail,
        refusal.attempts,
        len(payload.value),
        f"sha-256:{sha256(payload.value).hexdigest()}",
        (message.offset + 1) * _STEPS,
    )


def _id_of(key: bytes | None) -> Iterable[UUID]:
    try:
        yield UUID((key or b"").decode())
    except ValueError:
        return
