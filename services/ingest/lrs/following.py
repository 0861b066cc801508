"""Follows the log beside the gateway: how requests were decided, and up to when the tables hold all that was said.

A reader waits, for a bounded time, until the tables have what its source had been told "taken" before; what it is then
told is honest either way: `through` never claims an instant before which something taken may be missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from time import monotonic
from typing import Any, NamedTuple

import structlog

from services.ingest.lrs.familiar import Familiar
from services.ingest.lrs.frames import Envelope, envelope, frame_id_of
from services.ingest.lrs.own_turn import OwnTurn
from services.ingest.lrs.reading import Progress, Reading
from services.ingest.lrs.window import Verdict, Window
from services.runtime.background import keep_going
from services.runtime.errors import Unavailable
from services.runtime.producer import Place, partition_of
from services.runtime.tail import POLL_MS, Seen, tail

log = structlog.get_logger(__name__)
EAGER_SECONDS, CALM_SECONDS = 0.01, 0.25
"""Between two questions how far the tables are: while someone waits, and while no one does."""
RETRY_SECONDS = 1.0
READY_SECONDS = 5.0
WAIT_SECONDS = 10.0
LINGER_SECONDS = 0.02
"""Between two looks at the log while no one waits for what it shows: many requests are then seen at one look."""
CANCEL_AGAIN_SECONDS = 0.5
CANCEL_TIMES = 6


class _Expected(NamedTuple):
    """A message that was published and not seen yet; `noted`: the filter that has its ids already, if one has."""

    envelope: Envelope
    verdict: asyncio.Future[Verdict]
    noted: Familiar | None


class Following:
    """The log as one gateway has seen it. `epoch` asks ClickHouse which epoch the log is in."""

    def __init__(
        self, bootstrap: str, topic: str, reading: Reading, epoch: Callable[[], int], poll_ms: int = POLL_MS
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._reading = reading
        self._epoch_of = epoch
        self._poll_ms = poll_ms
        self._epoch = 0
        self.window = Window()
        self.familiar = Familiar()
        self._expected: dict[str, _Expected] = {}
        self._seen_next: dict[int, int] = {}
        self._at_end: dict[int, float] = {}
        self._progress: Mapping[int, Progress] = {}
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()
        self._waiting = 0
        self._undecided = 0
        self._own_turn = OwnTurn()
        self._hurried = asyncio.Event()
        self._wanted = asyncio.Event()
        self._unfamiliar = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to follow, in the background, whether Kafka and ClickHouse are there or not."""
        work = {"xapi_log": self._follow, "xapi_progress": self._watch, "xapi_ids": self._remember}
        self._tasks = [asyncio.create_task(keep_going(name, each)) for name, each in work.items()]

    async def stop(self) -> None:
        """Stop following.

        Kafka's client, where something it waits for arrives at the same moment, swallows a cancellation and goes on;
        so it is asked again, a few times.
        """
        left = set(self._tasks)
        for _ in range(CANCEL_TIMES if left else 0):
            if not left:
                return
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)

    @property
    def is_ready(self) -> bool:
        """Whether everything that is not in the tables has been seen."""
        return self._ready.is_set()

    async def ready(self) -> None:
        """Wait until `is_ready`.

        Raises: Unavailable.
        """
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise Unavailable("the xAPI log", "it has not been read yet") from error

    def expect(self, message: Envelope, noted: Familiar | None = None) -> asyncio.Future[Verdict]:
        """The verdict on a message about to be published, once the log has shown it.

        `noted`: the filter that has its ids already.
        """
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._expected[message.frame_id] = _Expected(message, verdict, noted)
        return verdict

    def acknowledged(self, frame_id: str, place: Place) -> None:
        """Hear where a message is that was published: where it comes next on the log, nothing has to be read for it."""
        if frame_id not in self._expected:
            return
        partition = place.partition
        self._own_turn.acknowledge(partition, place.offset, frame_id)
        while (offset := self._seen_next.get(partition)) is not None:
            expected = self._expected.get(self._own_turn.next(partition, offset) or "")
            if expected is None:
                return
            self._decide(expected.envelope, expected, partition, offset, monotonic())

    async def decided(self, verdict: asyncio.Future[Verdict]) -> Verdict:
        """The verdict; until it is there the log is looked at often."""
        if not verdict.done():
            self._undecided += 1
            self._hurried.set()
            try:
                await asyncio.shield(verdict)
            finally:
                self._undecided -= 1
        return verdict.result()

    def forget(self, frame_id: str) -> None:
        """Expect a message no more: publishing it failed."""
        self._expected.pop(frame_id, None)

    def voided(self, tenant: str) -> set[bytes]:
        """The statements of a source that were voided of late, maybe not in the tables yet, as far as is known here."""
        expected = (each.envelope.voided for each in self._expected.values() if each.envelope.tenant == tenant)
        return {*self.window.voided(tenant), *(each for ids in expected for each in ids)}

    async def settled(self, tenant: str) -> bool:
        """Wait until the tables have all that the source was told "taken"; False when they do not in time."""
        self._waiting += 1
        self._wanted.set()
        self._hurried.set()
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._ready.wait()
                own = [each.verdict for each in self._expected.values() if each.envelope.tenant == tenant]
                if own:
                    await asyncio.wait(own)
                while not self._has(self.window.last.get(tenant)):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    def through(self, tenant: str | None) -> int:
        """The instant, in microseconds since 1970, up to which all that a source (None: any) said can be read."""
        partitions = sorted(self._seen_next)
        if not partitions or not self.is_ready:
            return 0
        if tenant is not None:
            partitions = [partition_of(tenant.encode(), len(partitions))]
        return min(self._through(partition) for partition in partitions)

    def _through(self, partition: int) -> int:
        progress = self._progress.get(partition, Progress(0, 0))
        if progress.next_offset < self._seen_next.get(partition, 0) or partition not in self._at_end:
            return progress.stored_through
        return max(progress.stored_through, int(self._at_end[partition] * 1_000_000))

    def _has(self, place: tuple[int, int] | None) -> bool:
        if place is None:
            return True
        partition, offset = place
        return self._progress.get(partition, Progress(0, 0)).next_offset > offset

    async def _starts(self, partitions: Sequence[int]) -> Mapping[int, int]:
        self._epoch = await asyncio.to_thread(self._epoch_of)
        self._progress = await asyncio.to_thread(self._reading.progress, self._epoch)
        self._own_turn.clear()
        self.familiar = Familiar()  # what the log shows from here on, and the tables have by now, is all that there is
        self._unfamiliar.set()
        starts = {each: self._progress.get(each, Progress(0, 0)).next_offset for each in partitions}
        for partition, offset in starts.items():
            self._seen_next.setdefault(partition, offset)
        return starts

    async def _follow(self) -> None:
        try:
            async with aclosing(tail(self._bootstrap, self._topic, self._starts, self._poll_ms)) as following:
                async for fetched in following:
                    self.take(fetched)
                    await self._linger()
        except Unavailable as error:
            log.warning("xapi_log_not_followed", detail=str(error))

    async def _linger(self) -> None:
        if self._waiting or self._undecided:
            return
        self._hurried.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                await self._hurried.wait()

    def take(self, fetched: Sequence[Seen]) -> None:
        """Take in what the log shows."""
        now = monotonic()
        for seen in fetched:
            for record in seen.records:
                self._see(record, seen.partition, now)
            if seen.at_end is not None:
                self._at_end[seen.partition] = seen.at_end
        if len(self._at_end) == len(fetched) and not self._ready.is_set():
            self._ready.set()
        self.window.forget({each: progress.next_offset for each, progress in self._progress.items()}, now)

    def _see(self, record: Any, partition: int, now: float) -> None:
        self._own_turn.next(partition, record.offset)
        expected = self._expected.pop(frame_id_of(record.headers), None)
        found = envelope(record.key, record.headers) if expected is None else expected.envelope
        if expected is None or expected.noted is not self.familiar:
            self.familiar.add([each.statement_id for each in found.claims])
        if expected is None or not expected.verdict.done():
            self._decide(found, expected, partition, record.offset, now)

    def _decide(self, found: Envelope, expected: _Expected | None, partition: int, offset: int, now: float) -> None:
        self._seen_next[partition] = offset + 1
        verdict = self.window.add(found, partition, offset, now)
        if expected is not None:
            expected.verdict.set_result(verdict)

    async def _remember(self) -> None:
        """Learn which ids are in the tables, each time that following begins anew."""
        while True:
            await self._unfamiliar.wait()
            self._unfamiliar.clear()
            familiar = self.familiar
            try:
                familiar.complete(await asyncio.to_thread(self._reading.familiar))
            except Unavailable as error:
                log.warning("xapi_ids_unknown", detail=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                self._unfamiliar.set()

    async def _watch(self) -> None:
        while True:
            await self._pause()
            if self.is_ready and self._is_behind():
                await self._ask()

    async def _pause(self) -> None:
        if self._waiting:
            await asyncio.sleep(EAGER_SECONDS)
            return
        self._wanted.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_SECONDS):
                await self._wanted.wait()

    def _is_behind(self) -> bool:
        return any(
            self._progress.get(partition, Progress(0, 0)).next_offset < seen
            for partition, seen in self._seen_next.items()
        )

    async def _ask(self) -> None:
        try:
            self._progress = await asyncio.to_thread(self._reading.progress, self._epoch)
        except Unavailable as error:
            log.warning("xapi_progress_unknown", detail=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        self._changed.set()
