"""The consumer's own thread, which alone can tell a record fetched before a seek from one fetched after it.

Faust fetches and seeks from another thread: records that were on their way while Recovery sought back used to be
delivered and then read again, or pushed the read position beyond what was never delivered (faust-streaming issues
221, 596). Every fetch is therefore stamped here, where fetches and seeks take turns, with the group's generation and
with how often each partition had been sought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from aiokafka import ConsumerRecord
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP

from services.runtime.batching.chatter import chatter
from services.runtime.batching.log_end import known_end, log_ends
from services.runtime.fetching import ensure_fetching

FETCH_WAIT_MS = 250
"""How long the broker may hold a fetch when there is nothing. Faust's 1500 is also what each other question to the
broker, such as where a log begins, then waits for: a connection answers in order."""


class Fetched(dict[TP, list[ConsumerRecord]]):
    """Records by partition, and the state of the consumer at the moment they left aiokafka's buffers."""

    generation: int = -1
    seeks: Mapping[TP, int] = {}


class BatchConsumerThread(AIOKafkaConsumerThread):
    """Stamps what it fetches, rewinds partitions that have no commit yet, and finds true log ends where asked to."""

    logger = chatter
    app: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._seeks: Counter[TP] = Counter()
        super().__init__(*args, **kwargs)

    async def fetch(self, partitions: set[TP], seconds: float) -> Fetched:
        """Records of at least one partition, or none when nothing came in that time."""
        return cast("Fetched", await self.getmany(partitions, seconds))

    def is_fresh(self, fetched: Fetched, tp: TP) -> bool:
        """Whether nothing moved the partition's position since these records were fetched."""
        return fetched.generation == self.app.consumer_generation_id and fetched.seeks[tp] == self._seeks[tp]

    def highwater(self, tp: TP) -> int | None:  # type: ignore[override]  # aiokafka's may be None, too
        """The log's end as last fetched; None before that, and when the partition has just been given up."""
        return known_end(self._ensure_consumer(), tp)

    async def is_member(self) -> bool:
        """Whether the group's coordinator knows us in the generation that we think it is."""
        return bool(await self.call_thread(self._ensure_consumer()._coordinator._do_heartbeat))

    async def _fetch_records(
        self, consumer: Any, active_partitions: Any, timeout: float | None = None, max_records: int | None = None
    ) -> Fetched:
        ensure_fetching(consumer)
        fetched = Fetched(await super()._fetch_records(consumer, active_partitions, timeout, max_records))
        fetched.generation = consumer._coordinator.generation
        fetched.seeks = {tp: self._seeks[tp] for tp in fetched}
        return fetched

    async def _seek_wait(self, consumer: Any, partitions: Mapping[TP, int]) -> None:
        self._seeks.update(list(partitions))
        await super()._seek_wait(consumer, partitions)

    def seek(self, partition: TP, offset: int) -> None:
        """Seek, and count it."""
        self._seeks[partition] += 1
        super().seek(partition, offset)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Rewind every partition to its commit; one without a commit to where `auto_offset_reset` starts.

        aiokafka's own leaves those where they are, past records that were fetched and never processed.
        """
        committed: Mapping[TP, int] = await self.call_thread(self._rewind)
        return committed

    async def _rewind(self) -> dict[TP, int]:
        consumer = self._ensure_consumer()
        committed: dict[TP, int] = {}
        for tp in consumer.assignment():
            offset = committed[tp] = await consumer.committed(tp)
            self._seeks[tp] += 1  # nothing may be awaited between counting and seeking
            if offset:
                consumer.seek(tp, offset)
            elif self.app.conf.consumer_auto_offset_reset == "earliest":
                consumer.seek(tp, 0)  # where the log no longer begins at 0, the first fetch finds that out
        return committed

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        return consumer

    async def _highwaters(self, partitions: Any) -> Mapping[TP, int]:
        ends: Mapping[TP, int] = await super()._highwaters(partitions)
        if not self.app.batching.log_ends_by_fetch or not partitions:
            return ends
        return await log_ends(self.app.batching.bootstrap, ends)
