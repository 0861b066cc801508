"""Faust's consumer, delivering whole batches: what Faust spends on a message (some 200 us) it spends on a batch.

What is overridden and why (numbers are faust-streaming issues):
- `getmany` gathers fetched records by partition and yields at most one batch a partition that is not yet completed. So
  commits follow by construction: no gap can form and no in-flight record can be skipped (606, 523).
- `_new_offset` commits what `Batch.complete` said, never what Faust acked (189, 315, 527).
- While the app rebalances, batch topics are not fetched: Recovery resumes the partitions, then seeks, and only then
  clears the agents' queues; whatever was delivered in between was lost or blocked commits for good (596, 216).
- `on_partitions_revoked` commits before the base class forgets the acks (502): nothing finished is done again.
- `perform_seek` forgets all that was fetched or is out; it will be fetched again from the commits.

Topics without `BatchSchema` (changelogs) keep Faust's path, except that a table with `apply_records` takes a whole
fetch at once, and Recovery sees only its last record.

Invariant: a record is delivered again until the batch that holds it was completed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, cast

from aiokafka import ConsumerRecord
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode.utils.futures import notify

from services.runtime.batching.batch import Batch, BatchSchema
from services.runtime.batching.chatter import chatter
from services.runtime.batching.forming import Forming
from services.runtime.batching.thread import BatchConsumerThread, Fetched

BUSY_FETCH_SECONDS = 0.1
"""How long a fetch may wait while some partitions are left out of it, or were when it started."""

COMMIT_ATTEMPTS = 3


class BatchConsumer(driver.Consumer):
    """Delivers batches of topics with `BatchSchema`, single messages of all others."""

    logger = chatter
    app: Any
    _thread: BatchConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._batch_topics: frozenset[str] = frozenset()
        self._forming: dict[TP, Forming] = {}
        self._out: dict[TP, Batch] = {}
        self._fetching: asyncio.Future[Fetched] | None = None
        self._asking: dict[TP, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    # ---- what a batch asks

    def complete(self, batch: Batch) -> None:
        """Make the batch's offsets committable and let the partition's next batch go. A stale batch changes nothing."""
        if self._out.get(batch.tp) is batch:
            del self._out[batch.tp]
            self._forming[batch.tp].complete()
            self._acked[batch.tp].append(batch.last)  # only to have `_new_offset` asked at the next commit
            self._wake.set()
        self._settle(batch)

    def abandon(self, batch: Batch) -> None:
        """Stop waiting for the batch; its partition delivers nothing more until the next `perform_seek`."""
        self._settle(batch)

    def is_wanted(self, batch: Batch) -> bool:
        """Whether the batch is still the one that is out and no partition is being given up."""
        return self._out.get(batch.tp) is batch and self.flow_active and not self.should_stop

    async def until_suspended(self, seconds: float) -> None:
        """Wait that long, or until the flow is stopped for a rebalance or for good."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.suspend_flow.wait(), seconds)

    async def is_owned(self, since: float) -> bool:
        """Whether partitions held at `since` still are: asked of the broker when a session could have ended meanwhile.

        A process that was suspended, or a loop that was held up, finds itself still holding batches that another
        worker has long processed; its changelog writes would replace newer state.
        """
        if self.loop.time() - since < self.app.conf.broker_session_timeout / 2:
            return True
        return await self._thread.is_member()

    def _settle(self, batch: Batch) -> None:
        if batch.message is not None:
            batch.message.acked = True
            self._unacked_messages.discard(batch.message)
            notify(self._waiting_for_ack)

    # ---- from fetches to events

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        """Yield batches, one at a time and partition, and messages of other topics."""
        if not self.flow_active:
            await self.wait(cast("Any", self.can_resume_flow))
        fetched = await self._fetch(timeout)
        generation = self.app.consumer_generation_id
        for tp, message in self._events(fetched):
            if self.should_stop or not self.flow_active or self.app.consumer_generation_id != generation:
                return  # `perform_seek` reads the rest again
            end = self.highwater(tp)
            if end is not None:
                self.app.monitor.track_tp_end_offset(tp, end)
            yield tp, message

    async def _fetch(self, timeout: float) -> Fetched:
        """What the fetch under way brings, or nothing when a batch falls due before it does.

        The fetch is never cancelled: its records have left aiokafka's buffers and would be gone.
        """
        self._wake.clear()
        if self._fetching is None:
            wanted = self._wanted()
            if wanted:
                seconds = timeout if len(wanted) == len(self._active_partitions) else BUSY_FETCH_SECONDS
                self._fetching = asyncio.ensure_future(self._thread.fetch(wanted, seconds))
        waker = asyncio.ensure_future(self._wake.wait())
        waits: set[asyncio.Future[Any]] = {waker} if self._fetching is None else {waker, self._fetching}
        try:
            await asyncio.wait(waits, timeout=self._seconds_to_wait(timeout), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
        if self._fetching is None or not self._fetching.done():
            return Fetched()
        done, self._fetching = self._fetching, None
        return done.result()

    def _wanted(self) -> set[TP]:
        """Partitions to fetch from. Never empty for aiokafka's sake, which reads an empty set as all."""
        return {tp for tp in self._active_partitions if tp.topic not in self._batch_topics or self._wants(tp)}

    def _wants(self, tp: TP) -> bool:
        return not self.app.rebalancing and self._forming_of(tp).has_room

    def _seconds_to_wait(self, timeout: float) -> float:
        due = [at for forming in self._forming.values() if (at := forming.due_at()) is not None]
        if not due:
            return timeout if self._fetching is not None else BUSY_FETCH_SECONDS
        return max(min(due) - self.loop.time(), 0)

    def _events(self, fetched: Fetched) -> Iterator[tuple[TP, Any]]:
        single: dict[TP, list[ConsumerRecord]] = {}
        for tp, records in fetched.items():
            if not records or not self._thread.is_fresh(fetched, tp):
                continue  # fetched before a seek: will be fetched again
            if tp.topic not in self._batch_topics:
                if tp in self._active_partitions:
                    single[tp] = self._applied(tp, records)
            elif not self.app.rebalancing:
                self._forming_of(tp).add(records)
        if single:
            for tp, record in self.scheduler.iterate(single):
                yield tp, self._to_message(tp, record)
        for tp in list(self._forming):
            batch = self._next_batch(tp)
            if batch is not None:
                yield tp, batch.message

    def _applied(self, tp: TP, records: list[ConsumerRecord]) -> list[ConsumerRecord]:
        """Give a changelog's records to their table, if it takes whole fetches; what Faust still has to see."""
        apply_records = getattr(self.app.tables._changelogs.get(tp.topic), "apply_records", None)
        if apply_records is None:
            return records
        apply_records(tp, records)
        return records[-1:]

    def _next_batch(self, tp: TP) -> Batch | None:
        forming = self._forming[tp]
        if forming.needs_cuts:
            self._ask_for_cuts(tp, forming)
        records = forming.take(self.loop.time())
        if records is None:
            return None
        fetched = cast("list[ConsumerRecord]", records)
        batch = Batch(tp, fetched, self.app.consumer_generation_id, self.loop.time(), self)
        batch.message = self._message_of(batch)
        self._out[tp] = batch
        return batch

    def _message_of(self, batch: Batch) -> Any:
        newest = batch.records[-1]
        return ConsumerMessage(
            batch.tp.topic,
            batch.tp.partition,
            batch.last,
            newest.timestamp / 1000,
            newest.timestamp_type,
            headers=None,
            key=None,
            value=cast("Any", batch),
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=sum(record.serialized_value_size for record in batch.records),
            tp=batch.tp,
            generation_id=batch.generation,
        )

    def _forming_of(self, tp: TP) -> Forming:
        forming = self._forming.get(tp)
        if forming is None:
            batching = self.app.batching
            forming = self._forming[tp] = Forming(batching.rules, () if batching.cuts is None else None)
        return forming

    def _ask_for_cuts(self, tp: TP, forming: Forming) -> None:
        if tp not in self._asking:
            self._asking[tp] = asyncio.ensure_future(self._learn_cuts(tp, forming))

    async def _learn_cuts(self, tp: TP, forming: Forming) -> None:
        try:
            forming.know(await self.app.batching.cuts(tp.topic, tp.partition, forming.first_pending))
        except Exception as error:  # noqa: BLE001 - whatever it is, without its cuts the partition can never go on
            await self.crash(error)
        finally:
            self._asking.pop(tp, None)
            self._wake.set()

    # ---- offsets, seeks, rebalances

    def ack(self, message: Any) -> bool:
        """Faust's ack: of a batch it means nothing, `complete` does."""
        if message.topic not in self._batch_topics:
            return bool(super().ack(message))
        return False

    def _new_offset(self, tp: TP) -> int | None:
        if tp.topic not in self._batch_topics:
            return super()._new_offset(tp)
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        forming = self._forming.get(tp)
        return None if forming is None else forming.completed_to

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        if tp.topic not in self._batch_topics:
            await super()._add_gap(tp, offset_from, offset_to)

    async def perform_seek(self) -> None:
        """Go back to the commits: what was fetched or is out is fetched and delivered again."""
        await super().perform_seek()
        for tp in list(self._asking):
            self._asking.pop(tp).cancel()
        for tp in self._forming:
            self._acked.pop(tp, None)
            self._acked_index.pop(tp, None)
        self._forming.clear()
        self._out.clear()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit what is complete, then let Faust wait for what is in work."""
        for _ in range(COMMIT_ATTEMPTS):
            if not any(self._acked[tp] for tp in list(self._forming)):
                break
            await self.commit()  # does nothing but wait when another commit was under way
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Find out which topics take batches: all agents have declared theirs by now."""
        marked = (channel.topics for channel in self.app.topics if isinstance(channel.schema, BatchSchema))
        self._batch_topics = frozenset(topic for topics in marked for topic in topics)
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_stop(self) -> None:
        """Stop waiting for fetches and cuts."""
        await super().on_stop()
        for task in (self._fetching, *self._asking.values()):
            if task is not None:
                task.cancel()

    def backlog(self) -> Mapping[TP, int]:
        """How many records of each assigned partition of a batch topic are not yet completed, as far as known."""
        behind: dict[TP, int] = {}
        for tp in self.assignment():
            if tp.topic in self._batch_topics:
                end, done = self.highwater(tp), self._completed_to(tp)
                behind[tp] = max((end or 0) - (done or 0), 0) if done is not None else 0
        return behind

    def completed_to(self, topic: str, partition: int) -> int | None:
        """The offset that a partition of a batch topic has been processed up to; None before the first."""
        return self._completed_to(TP(topic, partition))

    def _completed_to(self, tp: TP) -> int | None:
        forming = self._forming.get(tp)
        if forming is not None and forming.completed_to is not None:
            return forming.completed_to
        return self._committed_offset[tp]
