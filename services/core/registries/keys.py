"""Key history: which keys an issuer was seen to use and when, so that an award outlives its issuer's domain.

Seeing is a join: the earliest first and the latest last sighting of the same key in the same document. So histories
from several places can be put together in any order, and twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.registry import KnownKey

_Name = tuple[str, str, str, str]


def seen(known: Iterable[KnownKey], new: Iterable[KnownKey]) -> tuple[KnownKey, ...]:
    """Both histories as one, in the order of issuer, key id, key and document."""
    joined: dict[_Name, KnownKey] = {}
    for one in (*known, *new):
        name = (one.issuer, one.key_id, one.public_key, one.document or "")
        other = joined.get(name)
        joined[name] = one if other is None else _joined(one, other)
    return tuple(joined[name] for name in sorted(joined))


def keys_of(issuer: str, key_id: str, known: Iterable[KnownKey], *, at: datetime | None = None) -> tuple[KnownKey, ...]:
    """The keys that an issuer used under an id, the one seen last first; with `at`, only those first seen by then."""
    found = [
        one for one in known if one.issuer == issuer and one.key_id == key_id and (at is None or one.first_seen <= at)
    ]
    return tuple(sorted(found, key=lambda one: (one.last_seen, one.first_seen, one.public_key), reverse=True))


def _joined(one: KnownKey, other: KnownKey) -> KnownKey:
    first, last = min(one.first_seen, other.first_seen), max(one.last_seen, other.last_seen)
    return one.model_copy(update={"first_seen": first, "last_seen": last})
