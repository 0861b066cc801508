"""Feeding the test worker, starting and ending its processes, and reading what it wrote."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faust.types import TP

from services.runtime.batching.log_end import log_ends
from services.runtime.batching.stamps import outdates, unstamped
from services.runtime.children import Child, spawn
from tests.conftest import Broker
from tests.integration.runtime.batching.worker import WORKED, Options

ROOT = Path(__file__).parents[4]
PARTITIONS = 4
KEYS = 40
PATIENCE_SECONDS = 45.0

Numbers = dict[str, set[int]]


@dataclass
class Trial:
    """One topic, its workers, and what they ought to make of it."""

    broker: Broker
    topic: str
    folder: Path
    store: str = "memory"
    expected: Numbers = field(default_factory=lambda: defaultdict(set))
    children: list[Child] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The consumer group, named so that the changelog's name follows."""
        return f"{self.topic}.group"

    @property
    def changelog(self) -> str:
        """The table's topic."""
        return f"{self.group}-seen-changelog"

    def start(self, folder: str = "worker", *, fail_once: Path | None = None) -> Child:
        """A worker; one started in the folder of a killed one finds its RocksDB."""
        options = Options(
            bootstrap=self.broker.bootstrap,
            is_embedded=self.broker.is_embedded,
            group=self.group,
            topic=self.topic,
            partitions=PARTITIONS,
            folder=self.folder / folder,
            store=self.store,
            fail_once=fail_once,
        )
        command = [sys.executable, "-m", "tests.integration.runtime.batching.worker", options.model_dump_json()]
        child = spawn(folder, command, self.folder / f"{folder}.log", {"PYTHONPATH": str(ROOT)})
        self.children.append(child)
        return child

    async def feed(self, first: int, count: int, pause_seconds: float = 0.0) -> None:
        """Send that many numbers, in pieces, each under one of the keys."""
        producer = AIOKafkaProducer(bootstrap_servers=self.broker.bootstrap, linger_ms=5)
        await producer.start()
        try:
            for start in range(first, first + count, 200):
                numbers = range(start, min(start + 200, first + count))
                await asyncio.gather(*[await self._send(producer, number) for number in numbers])
                await asyncio.sleep(pause_seconds)
        finally:
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, number: int) -> asyncio.Future[None]:
        key = f"w{number % KEYS}"
        self.expected[key].add(number)
        sent: asyncio.Future[None] = await producer.send(self.topic, str(number).encode(), key=key.encode())
        return sent

    async def written(self) -> Numbers:
        """The state that anyone can rebuild from the changelog: the entry of every key that got furthest."""
        places = [TopicPartition(self.changelog, number) for number in range(PARTITIONS)]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.broker.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            ends = await log_ends(self.broker.bootstrap, {TP(*place): 0 for place in places})
            consumer.assign(places)
            newest: dict[str, bytes] = {}
            while any([await consumer.position(place) < ends[TP(*place)] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        if outdates(record.value, newest.get(record.key.decode())):
                            newest[record.key.decode()] = record.value
            return {key: set(json.loads(unstamped(stored))) for key, stored in newest.items()}
        finally:
            await consumer.stop()

    async def wait_for(self, is_done: Callable[[Numbers], bool]) -> Numbers:
        """What is written once it is as wanted, or after a long while whatever it is then."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            written = await self.written()
            if is_done(written) or asyncio.get_running_loop().time() > deadline:
                return written
            await asyncio.sleep(0.2)

    async def wait_for_all(self) -> Numbers:
        """What is written once everything that was sent is in it."""
        return await self.wait_for(lambda written: written == self.expected)

    async def wait_for_some(self, count: int) -> None:
        """Return when at least that many numbers are written."""
        await self.wait_for(lambda written: sum(map(len, written.values())) >= count)

    async def has_worked(self, folder: str) -> bool:
        """Whether the worker in that folder has had a batch, a moment from now."""
        await asyncio.sleep(0.3)
        return (self.folder / folder / WORKED).exists()

    def stop(self) -> None:
        """End every worker that still runs."""
        for child in self.children:
            child.kill()
