"""The order of statements and the join of maps: the two laws that every register type is made of.

Apart from the register types, so that a new type is a struct with `at`, `record_id` and its content, and nothing to
prove. Invariant: the order of `newest` is total, content included, so that no tie is settled by which came first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec.msgpack import Encoder

encode = Encoder().encode

NO_ID = bytes(16)


class Said(Protocol):
    """A statement as registers see it: when its source says it was, and which record says so."""

    @property
    def at(self) -> datetime:
        """What the statement is ordered by."""

    @property
    def record_id(self) -> bytes:
        """The record's id, 16 bytes."""


S = TypeVar("S", bound=Said)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def id_bytes(record_id: UUID | None) -> bytes:
    """A record's id as registers keep it."""
    return NO_ID if record_id is None else record_id.bytes


def newest(one: S, other: S) -> S:
    """The newer of two statements about the same thing: by `at`, then record id, then content."""
    if one.at != other.at:
        return one if one.at > other.at else other
    if one.record_id != other.record_id:
        return one if one.record_id > other.record_id else other
    return max(one, other, key=encode)


def joined(ours: Mapping[K, V], theirs: Mapping[K, V], join: Callable[[V, V], V]) -> Mapping[K, V]:
    """Both maps, entries under one key joined. Returns `ours` itself when `theirs` adds nothing, else a new map.

    O(len(theirs)) joins and, when anything changed, one copy of `ours`.
    """
    news = {}
    for key, entry in theirs.items():
        known = ours.get(key)
        if known is None:
            news[key] = entry
        else:
            both = join(known, entry)
            if both is not known:
                news[key] = both
    return {**ours, **news} if news else ours


def surviving(entries: Mapping[K, S], erased_at: datetime) -> dict[K, S]:
    """The statements that were made after the erasure."""
    return {key: said for key, said in entries.items() if said.at > erased_at}
