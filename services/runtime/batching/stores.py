"""Where a batch table keeps its entries on this machine: in memory here, in RocksDB in `rocks`.

Both are views of the changelog and say how far: `applied` is the highest changelog offset that every entry of a
partition reflects, written together with the entries, so that recovery reads only what came after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

Entry = tuple[bytes, bytes | None]
"""A key and its value; None where the key is gone."""


class Store(Protocol):
    """The entries of the partitions that this worker owns."""

    async def open(self, partition: int) -> None:
        """Make the partition ready for reading and writing, with whatever was kept of it."""

    def close(self, partition: int) -> None:
        """Let go of the partition; a store on disk keeps its entries for next time, one in memory forgets them."""

    def forget(self, partition: int) -> None:
        """Remove all entries and the applied offset of an open partition."""

    def get(self, partition: int, key: bytes) -> bytes | None:
        """The value of a key, or None."""

    def apply(self, partition: int, entries: Iterable[Entry], offset: int) -> None:
        """Write entries, the last of a repeated key winning, as of that changelog offset."""

    def applied(self, partition: int) -> int | None:
        """The highest changelog offset applied, or None when nothing was."""

    def items(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """Every key and value of the partition. Writing meanwhile is allowed and may or may not be seen."""

    def partitions(self) -> list[int]:
        """The open partitions."""


class MemoryStore:
    """Entries in dictionaries, one a partition."""

    def __init__(self) -> None:
        self._entries: dict[int, dict[bytes, bytes]] = {}
        self._applied: dict[int, int] = {}

    async def open(self, partition: int) -> None:
        """As `Store.open`; there is nothing to find."""
        self._entries.setdefault(partition, {})

    def close(self, partition: int) -> None:
        """As `Store.close`."""
        self._entries.pop(partition, None)
        self._applied.pop(partition, None)

    def forget(self, partition: int) -> None:
        """As `Store.forget`."""
        self._entries[partition] = {}
        self._applied.pop(partition, None)

    def get(self, partition: int, key: bytes) -> bytes | None:
        """As `Store.get`."""
        return self._entries[partition].get(key)

    def apply(self, partition: int, entries: Iterable[Entry], offset: int) -> None:
        """As `Store.apply`."""
        kept = self._entries[partition]
        for key, value in entries:
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
        self._applied[partition] = offset

    def applied(self, partition: int) -> int | None:
        """As `Store.applied`."""
        return self._applied.get(partition)

    def items(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """As `Store.items`."""
        return iter(list(self._entries[partition].items()))

    def partitions(self) -> list[int]:
        """As `Store.partitions`."""
        return list(self._entries)
