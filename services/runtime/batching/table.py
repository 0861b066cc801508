"""A Faust table that an agent writes once a batch: first the changelog, acknowledged, then the local store.

Why not Faust's own: it sends a message an entry through a buffer without bound, commits offsets whether or not they
were sent, replays everything on each rebalance from memory, and drops standby keys whose offsets it keeps. Keys and
values are bytes; what they mean is the agent's affair.

Invariants: the local store is never ahead of the changelog; every entry of an owned partition reflects all changelog
entries up to `Store.applied`; a partition that is not owned is not kept in memory; of two values of a key the one that
got further in the source log stays (see `stamps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiokafka import ConsumerRecord
from faust.tables import Table
from faust.types import TP

from services.runtime.batching.chatter import chatter
from services.runtime.batching.produce import produce
from services.runtime.batching.stamps import outdates, stamp, unstamped
from services.runtime.batching.stores import Entry, Store


class Overtaken(Exception):
    """Somebody else wrote to a partition's changelog that we took for ours: what we hold of it is incomplete."""


class BatchTable(Table[bytes, bytes]):
    """Entries by partition and key. `partitions` must be those of the topic whose batches the table follows."""

    logger = chatter
    app: Any

    def __init__(self, app: Any, *, name: str, partitions: int, store: Store) -> None:
        super().__init__(app, name=name, partitions=partitions, key_type=bytes, value_type=bytes)
        self.store = store

    @property
    def data(self) -> Any:
        """Faust's way to single keys, which a batch table does not offer: it is read by partition, written by batch."""
        raise NotImplementedError("read a batch table with `value_of` and `entries`, write it with `write`")

    @data.setter
    def data(self, store: Any) -> None:
        raise NotImplementedError("a batch table has the store that it was made with")

    def __bool__(self) -> bool:
        return True

    def value_of(self, partition: int, key: bytes) -> bytes | None:
        """The value of a key in a partition that this worker owns, or None."""
        stored = self.store.get(partition, key)
        return None if stored is None else unstamped(stored)

    def entries(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """Every entry of a partition that this worker owns."""
        return ((key, unstamped(stored)) for key, stored in self.store.items(partition))

    def owns(self, partition: int) -> bool:
        """Whether the partition is assigned to this worker."""
        return partition in self.store.partitions()

    async def write(self, partition: int, position: int, entries: Mapping[bytes, bytes | None]) -> None:
        """Write entries to the changelog, wait until they are safe there, then apply them.

        `position`: how far in the source log the entries have got; it never falls for a partition.

        Raises: Overtaken, after which only a restart helps, as it reads the changelog anew; KafkaError, after which the
        entries may or may not be in the changelog, and the batch must be done again.
        """
        if not entries:
            return
        stored = [(key, None if value is None else stamp(position, value)) for key, value in entries.items()]
        first, last = await produce(self.app.producer._ensure_producer(), self.changelog_topic_name, partition, stored)
        mark = self.store.applied(partition)
        if last - first + 1 != len(stored) or (mark is not None and first != mark + 1):
            raise Overtaken(f"{self.changelog_topic_name}-{partition}: wrote {first}-{last} after {mark}")
        self._apply(partition, stored, last)

    def apply_records(self, tp: TP, records: list[ConsumerRecord]) -> None:
        """Take in a whole fetch of the changelog; superseded entries cost little."""
        mark = self._mark(tp.partition)
        newest: dict[bytes, bytes | None] = {}
        for record in records:
            if record.offset > mark and outdates(record.value, newest.get(record.key)):
                newest[record.key] = record.value
        if newest:
            self._merge(tp.partition, newest.items(), records[-1].offset)

    def apply_changelog_batch(self, batch: Iterable[Any]) -> None:
        """What Recovery hands over one by one; nearly always it has been taken in by `apply_records` before."""
        for event in batch:
            message = event.message
            if message.offset > self._mark(message.partition):
                self._merge(message.partition, [(message.key, message.value)], message.offset)

    def persisted_offset(self, tp: TP) -> int | None:
        """Where recovery may start: retained partitions are not read again, in memory either."""
        return self.store.applied(tp.partition)

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Let go of what was taken away and open what is ours."""
        owned = {tp for tp in assigned if tp.topic == self.changelog_topic_name}
        for partition in set(self.store.partitions()) - {tp.partition for tp in owned}:
            self.store.close(partition)
        for tp in owned:
            await self.store.open(tp.partition)
        await self._forget_lost_logs(owned)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Nothing is to be sorted out: a partition's entries are kept apart from the start."""
        await self.call_recover_callbacks()

    async def need_active_standby_for(self, tp: TP) -> bool:
        """There are no standbys: recovery from the changelog is fast, and standbys double its reads."""
        return False

    async def on_start(self) -> None:
        """Declare the changelog; the store needs no starting."""
        await self.changelog_topic.maybe_declare()

    async def on_stop(self) -> None:
        """Close the store."""
        for partition in self.store.partitions():
            self.store.close(partition)

    def reset_state(self) -> None:
        """Forget the local entries of open partitions."""
        for partition in self.store.partitions():
            self.store.forget(partition)

    def _merge(self, partition: int, entries: Iterable[Entry], offset: int) -> None:
        """Apply what comes from the changelog, leaving alone what knows more."""
        if self.owns(partition):
            known = self.store.get
            kept = [(key, value) for key, value in entries if outdates(value, known(partition, key))]
            self.store.apply(partition, kept, offset)

    def _apply(self, partition: int, entries: Iterable[Entry], offset: int) -> None:
        if self.owns(partition):
            self.store.apply(partition, entries, offset)

    def _mark(self, partition: int) -> int:
        applied = self.store.applied(partition)
        return -1 if applied is None else applied

    async def _forget_lost_logs(self, owned: set[TP]) -> None:
        """A store ahead of its changelog belongs to a log that is gone: Faust would stop with a ConsistencyError."""
        kept = {tp for tp in owned if self.store.applied(tp.partition) is not None}
        if not kept:
            return
        ends = await self.app.consumer.highwaters(*kept)
        for tp in kept:
            if self._mark(tp.partition) >= (ends[tp] or 0):
                self.store.forget(tp.partition)
