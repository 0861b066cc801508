"""The stage: batches of credentials become `verification` records, and what is kept is checked again on schedule.

Order matters: records are acknowledged by Kafka before the table says that the check was made, so a crash repeats work
and loses nothing. What is repeated states the same again, later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.ingest.intake import Intake, record_message
from services.ingest.verify.stage.checking import Checking, Finding
from services.ingest.verify.stage.known import says_the_same
from services.ingest.verify.stage.sent import Sent, awarded_by, sent_by
from services.ingest.verify.stage.stating import SENDER, known_from, restated, stated
from services.ingest.verify.stage.table import CheckTable, Kept
from services.runtime.batching.batch import Batch, ConsumerRecord
from services.runtime.batching.taking import take
from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)
LONG = timedelta(hours=1)
"""After which what was not checked is taken for missed, rather than for waiting."""


@dataclass(slots=True, eq=False)
class Stage:
    """Verifies. `connect` is called in a thread when the table is first needed."""

    intake: Intake
    checking: Checking
    connect: Callable[[], CheckTable]
    restate_after: timedelta
    """A check that finds nothing new is stated again after this long, so that its time is never older."""
    _table: CheckTable | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def process(self, batch: Batch) -> None:
        """Verify one batch, however long servers take; give it up once it is no longer ours."""

        def waits(error: Unavailable, _: float) -> None:
            log.warning("verification_waits", partition=batch.tp.partition, detail=str(error))

        async def attempt() -> None:
            await self._keep(await self._checked(batch.records, batch.ensure_wanted))

        await take(batch, attempt, waits)

    async def sweep(self) -> int:
        """Check again all that is kept, by lists fetched anew; how many checks came to something else.

        Raises: Unavailable.
        """
        news = 0
        table = await asyncio.to_thread(self._connected)
        async with self._turn:
            self.checking.afresh()
        pages = table.pages()
        while page := await asyncio.to_thread(lambda: next(pages, None)):
            async with self._turn:
                changed = await asyncio.to_thread(self._again, page)
            await self._keep(changed)
            news += len(changed)
        return news + await self._catch_up(table)

    async def _catch_up(self, table: CheckTable) -> int:
        """Check what came long ago and was never checked: its message was lost, with the log or for its age."""
        before = self.intake.clock() - LONG
        found: list[Kept] = []
        missed = await asyncio.to_thread(table.unchecked, before)
        for sent in missed:
            async with self._turn:
                found += await asyncio.to_thread(self._check, sent)
        await self._keep(found)
        without = {sent.digest for sent in missed} - {each.digest for each in found}
        await asyncio.to_thread(table.pass_over, without, self.intake.clock())
        return len(found)

    async def _checked(self, records: Iterable[ConsumerRecord], go_on: Callable[[], None]) -> list[Kept]:
        found: list[Kept] = []
        for record in records:
            go_on()
            sent = sent_by(record)
            if sent is None:
                log.warning("credential_unreadable", offset=record.offset)
                continue
            async with self._turn:
                found += await asyncio.to_thread(self._check, sent)
        return found

    def _check(self, sent: Sent) -> list[Kept]:
        at = self.intake.clock()
        return [_kept(each, at) for each in self.checking.findings(sent, self.intake, at)]

    def _again(self, page: Sequence[Kept]) -> list[Kept]:
        """Those of the kept checks that come to something else now, or are to be stated again."""
        known = [known_from(each.record, each.asked) for each in page]
        whole = self._whole(each.digest for each, was in zip(page, known, strict=True) if was.needs_bytes)
        at, changed = self.intake.clock(), []
        for each, was in zip(page, known, strict=True):
            found = whole.get(each.record.verified_record_id)
            if found is None and was.needs_bytes:
                continue  # its bytes are gone, and nothing new can be told
            now = self.checking.again(was, at) if found is None else found.known.since(was)
            if not says_the_same(was, now) or at - each.record.checked_at >= self.restate_after:
                changed.append(Kept(each.digest, restated(each.record, now, at), now.asked))
        return changed

    def _whole(self, digests: Iterable[str]) -> dict[UUID | None, Finding]:
        """What verifying from the bytes that are kept finds, by the award's record."""
        found: dict[UUID | None, Finding] = {}
        for sent in self._connected().sent(digests):
            at = self.intake.clock()
            for each in self.checking.verified(sent, awarded_by(sent, self.intake), at):
                found[each.award.record_id] = each
        return found

    async def _keep(self, checks: Sequence[Kept]) -> None:
        topic = self.intake.topics.records
        await self.intake.producer.publish([record_message(each.record, topic, SENDER) for each in checks])
        self.intake.metrics.published([each.record for each in checks], SENDER.dialect)
        await asyncio.to_thread(lambda: self._connected().write(checks))

    def _connected(self) -> CheckTable:
        self._table = self._table or self.connect()
        return self._table


def _kept(finding: Finding, at: datetime) -> Kept:
    return Kept(finding.digest, stated(finding.award, finding.known, at), finding.known.asked)
