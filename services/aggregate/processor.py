"""One batch from delivery to completion: announce, decode, step, make durable, complete.

Batches of different partitions run side by side, so that one's inserts overlap with another's deciding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.aggregate.catalog import CatalogInForce
from services.aggregate.decode import Decoded, Unread, decode
from services.aggregate.effects import Effects
from services.aggregate.intents import Intents
from services.aggregate.log import Log
from services.aggregate.messages import of_changes, of_unread
from services.aggregate.metrics import Metrics
from services.aggregate.partitions import Partition, Partitions
from services.aggregate.place import Place
from services.aggregate.retry import until_done
from services.aggregate.step import Changes, Message, step
from services.core.people import WorkerState
from services.runtime.batching.batch import Batch, ConsumerRecord, Withdrawn
from services.runtime.epochs import row_version
from services.runtime.errors import Fault


@dataclass(frozen=True, slots=True)
class Processor:
    """Everything that processing a batch takes."""

    log: Log
    partitions: Partitions
    catalog: CatalogInForce
    intents: Intents
    effects: Effects
    metrics: Metrics
    now: Callable[[], datetime]

    async def process(self, batch: Batch) -> None:
        """Process the batch and complete it, or abandon it when its partition moves away meanwhile.

        Raises: TooManyRefused; whatever else no retry can mend. The batch is then delivered again, to whoever is next.
        """
        try:
            await self.catalog.is_read.wait()
            partition = self.partitions[batch.tp.partition]
            async with partition.turn:
                await self._process(batch, partition)
        except Withdrawn:
            self.metrics.withdrawn.inc()
            batch.abandon()

    async def _process(self, batch: Batch, partition: Partition) -> None:
        place = Place(batch.tp.topic, batch.tp.partition, self.log.epoch, batch.first, batch.last)
        started_at = self.now()
        await until_done("announce", lambda: self.intents.announce(place), batch.pause, self.metrics.retried)
        decoded = decode(batch.records, self.log.epoch)
        with self.metrics.step_seconds.time():
            changes, unread = self._decide(partition, decoded)
        partition.watch.note(len(batch.records), len(unread))
        messages = [
            *of_changes(changes, self.log.names, partition.number),
            *of_unread(unread, self.log.names, started_at),
        ]
        version = row_version(place.epoch, place.last)
        await self.effects.apply(partition, changes, messages, version=version, place=place, hold=batch)
        for worker_id, wake_at in changes.timers.items():
            partition.timers.bring_forward(worker_id, wake_at)
        batch.complete()
        self._measure(batch, unread, started_at)

    def _decide(self, partition: Partition, decoded: Decoded) -> tuple[Changes, list[Unread]]:
        """What the batch changes, and what of it is left out."""
        states = partition.states_of({message.worker_id for message in decoded.messages})
        try:
            return step(states, decoded.messages, self.catalog.compiled, self.now()), decoded.unread
        except Exception:  # noqa: BLE001 - one record that trips the rules must not hold up its partition for good
            return self._decide_one_by_one(states, decoded)

    def _decide_one_by_one(self, states: dict[str, WorkerState], decoded: Decoded) -> tuple[Changes, list[Unread]]:
        """As `_decide`, leaving out every worker on whose messages `step` fails."""
        unread = list(decoded.unread)
        passing: list[Message] = []
        by_worker: dict[str, list[tuple[Message, ConsumerRecord]]] = {}
        for message, record in zip(decoded.messages, decoded.origins, strict=True):
            by_worker.setdefault(message.worker_id, []).append((message, record))
        for pairs in by_worker.values():
            messages = [message for message, _ in pairs]
            try:
                step(states, messages, self.catalog.compiled, self.now())
                passing.extend(messages)
            except Exception as error:  # noqa: BLE001 - see `_decide`
                fault = Fault("not_processed", "", f"{type(error).__name__}: {error}")
                unread.extend(Unread(record, fault) for _, record in pairs)
        return step(states, passing, self.catalog.compiled, self.now()), unread

    def _measure(self, batch: Batch, unread: list[Unread], started_at: datetime) -> None:
        finished_at = self.now()
        self.metrics.records.inc(len(batch.records) - len(unread))
        for left_out in unread:
            self.metrics.refused.labels(left_out.fault.code).inc()
        self.metrics.batch_records.observe(len(batch.records))
        self.metrics.batch_seconds.observe((finished_at - started_at).total_seconds())
        sent_at = datetime.fromtimestamp(batch.records[0].timestamp / 1000, UTC)
        self.metrics.oldest_record_seconds.set((finished_at - sent_at).total_seconds())
