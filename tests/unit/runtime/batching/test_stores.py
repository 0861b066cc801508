"""Both stores of the batch table keep the same promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.batching.rocks import RocksStore
from services.runtime.batching.stores import MemoryStore, Store


@pytest.fixture(params=["memory", "rocksdb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each store, with partition 0 open."""
    made: Store = MemoryStore() if request.param == "memory" else RocksStore(tmp_path / "state")
    await made.open(0)
    return made


def test_an_applied_entry_is_read_back(store: Store) -> None:
    """A key has the value last written to it, and an unknown key none."""
    store.apply(0, [(b"w", b"1"), (b"v", b"2"), (b"w", b"3")], offset=7)
    assert store.get(0, b"w") == b"3"
    assert store.get(0, b"x") is None
    assert sorted(store.items(0)) == [(b"v", b"2"), (b"w", b"3")]


def test_a_tombstone_removes_the_key(store: Store) -> None:
    """Erased workers leave nothing behind."""
    store.apply(0, [(b"w", b"1")], offset=0)
    store.apply(0, [(b"w", None)], offset=1)
    assert store.get(0, b"w") is None
    assert list(store.items(0)) == []


def test_the_store_knows_how_far_it_reflects_the_changelog(store: Store) -> None:
    """Recovery starts after the highest offset applied."""
    assert store.applied(0) is None
    store.apply(0, [(b"w", b"1")], offset=41)
    assert store.applied(0) == 41


async def test_forgetting_leaves_an_empty_open_partition(store: Store) -> None:
    """A partition whose changelog was replaced starts again from nothing."""
    store.apply(0, [(b"w", b"1")], offset=41)
    store.forget(0)
    assert store.partitions() == [0]
    assert store.applied(0) is None
    assert list(store.items(0)) == []


async def test_partitions_are_kept_apart(store: Store) -> None:
    """What is written to one partition is not seen in another."""
    await store.open(1)
    store.apply(0, [(b"w", b"0")], offset=5)
    store.apply(1, [(b"w", b"1")], offset=6)
    assert (store.get(0, b"w"), store.get(1, b"w")) == (b"0", b"1")
    store.close(0)
    assert store.partitions() == [1]
    assert store.applied(0) is None


async def test_memory_forgets_a_closed_partition() -> None:
    """A partition that another worker may write to is stale from the moment it is let go."""
    store = MemoryStore()
    await store.open(0)
    store.apply(0, [(b"w", b"1")], offset=1)
    store.close(0)
    await store.open(0)
    assert store.get(0, b"w") is None
    assert store.applied(0) is None


async def test_rocksdb_keeps_a_closed_partition(tmp_path: Path) -> None:
    """A restarted worker finds its entries and how far they go."""
    before = RocksStore(tmp_path)
    await before.open(0)
    before.apply(0, [(b"w", b"1")], offset=9)
    before.close(0)
    after = RocksStore(tmp_path)
    await after.open(0)
    assert after.get(0, b"w") == b"1"
    assert after.applied(0) == 9
