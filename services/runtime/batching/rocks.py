"""A batch table's entries in RocksDB, a database a partition: partitions can move between the workers of one machine.

Apart from `stores` because rocksdict is an optional dependency. Faust's own RocksDB store asks for 2 GiB of block cache
and three 64 MiB write buffers a partition and leaves closing to the garbage collector (faust-streaming issues 91, 158):
here both are bounded and closing is explicit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch

from services.runtime.batching.stores import Entry

OFFSET_KEY = b"\x00stepwell\x00applied"
"""Key of the applied offset, in the partition's own database; no worker id starts with a zero byte."""
LOCK_RETRY_SECONDS = 0.1
LOCK_PATIENCE_SECONDS = 30.0


class RocksStore:
    """A `Store` whose entries outlive the process."""

    def __init__(self, folder: Path, *, block_cache_bytes: int = 32 << 20, write_buffer_bytes: int = 8 << 20) -> None:
        self._folder = folder
        self._block_cache_bytes = block_cache_bytes
        self._write_buffer_bytes = write_buffer_bytes
        self._databases: dict[int, Rdict] = {}

    async def open(self, partition: int) -> None:
        """As `Store.open`; waits while another worker of this machine still holds the partition's lock."""
        attempts = int(LOCK_PATIENCE_SECONDS / LOCK_RETRY_SECONDS)
        for attempt in range(attempts):
            if partition in self._databases:
                return
            try:
                self._databases[partition] = self._open(partition)
            except Exception as error:  # rocksdict raises plain Exception
                if "lock" not in str(error).lower() or attempt == attempts - 1:
                    raise
                await asyncio.sleep(LOCK_RETRY_SECONDS)

    def close(self, partition: int) -> None:
        """As `Store.close`."""
        database = self._databases.pop(partition, None)
        if database is not None:
            database.close()

    def forget(self, partition: int) -> None:
        """As `Store.forget`."""
        self.close(partition)
        Rdict.destroy(str(self._path(partition)))
        self._databases[partition] = self._open(partition)

    def get(self, partition: int, key: bytes) -> bytes | None:
        """As `Store.get`."""
        value: bytes | None = self._databases[partition].get(key)
        return value

    def apply(self, partition: int, entries: Iterable[Entry], offset: int) -> None:
        """As `Store.apply`; entries and offset in one write, so that a crash leaves both or neither."""
        batch = WriteBatch(raw_mode=True)
        for key, value in entries:
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(OFFSET_KEY, str(offset).encode())
        self._databases[partition].write(batch)

    def applied(self, partition: int) -> int | None:
        """As `Store.applied`."""
        database = self._databases.get(partition)
        written = None if database is None else database.get(OFFSET_KEY)
        return None if written is None else int(written)

    def items(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """As `Store.items`."""
        for key, value in self._databases[partition].items():
            if key != OFFSET_KEY:
                yield cast("bytes", key), value

    def partitions(self) -> list[int]:
        """As `Store.partitions`."""
        return list(self._databases)

    def _path(self, partition: int) -> Path:
        return self._folder / f"{partition}.rocksdb"

    def _open(self, partition: int) -> Rdict:
        self._folder.mkdir(parents=True, exist_ok=True)
        return Rdict(str(self._path(partition)), options=self._options())

    def _options(self) -> Options:
        blocks = BlockBasedOptions()
        blocks.set_block_cache(Cache(self._block_cache_bytes))
        blocks.set_bloom_filter(10, block_based=False)
        options = Options(raw_mode=True)
        options.create_if_missing(create_if_missing=True)
        options.set_write_buffer_size(self._write_buffer_bytes)
        options.set_max_write_buffer_number(2)
        options.set_block_based_table_factory(blocks)
        return options
