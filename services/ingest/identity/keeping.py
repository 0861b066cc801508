"""One batch of `stepwell.identities.v1`: kept in the table, matched, and what is to be forgotten forgotten.

Order matters: what is new is in the table before the other side is looked through, so that of two processes which take
in a hash and its address at once at least one sees both; and links are acknowledged by Kafka before a match is noted.
Repeating a batch repeats rows and records that are there already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from services.core.hashes import SOURCE
from services.ingest.identity.erasing import Eraser
from services.ingest.identity.introductions import Forgetting, Introduction, read
from services.ingest.identity.matching import Match, addresses_in, hashes_in, link_of, matches
from services.ingest.identity.table import ADDRESSES, HASHES, IdentityTable, Sealed
from services.ingest.intake import Intake, Sender
from services.ingest.refused.forgetting import Refused, nothing
from services.runtime.batching.batch import Batch
from services.runtime.batching.taking import take
from services.runtime.errors import Unavailable
from services.runtime.identity import IdentityKey

log = structlog.get_logger(__name__)
SENDER = Sender(SOURCE, "native", lambda _kind: True, "identity")


class News(NamedTuple):
    """What a batch says, sorted."""

    introductions: list[Introduction]
    forgettings: list[Forgetting]


@dataclass(frozen=True, slots=True)
class Tables:
    """ClickHouse, connected."""

    identities: IdentityTable
    eraser: Eraser


class Keeper:
    """Keeps who is behind pseudonyms. `connect` is called in a thread when the first batch comes."""

    def __init__(self, connect: Callable[[], Tables], intake: Intake, refused: Refused = nothing) -> None:
        self._connect = connect
        self._refused = refused
        self._tables: Tables | None = None
        self._intake = intake

    async def process(self, batch: Batch) -> None:
        """Take in one batch, however long ClickHouse and Kafka take; give it up once it is no longer ours."""
        news = news_in(record.value for record in batch.records)

        def waits(error: Unavailable, _: float) -> None:
            log.warning("identities_wait", partition=batch.tp.partition, detail=str(error))

        await take(batch, lambda: self.take(news), waits)

    async def take(self, news: News) -> None:
        """Take in what a batch says.

        Raises: Unavailable; then the same call is safe to repeat.
        """
        tables = await self._connected()
        key = await asyncio.to_thread(self._intake.identity)
        await asyncio.to_thread(tables.identities.introduce, news.introductions)
        found = await asyncio.to_thread(_matches, tables.identities, news.introductions, key)
        if found:
            links = [(0, link_of(match, key)) for match in found]
            await self._intake.publish(self._intake.settled(links, SENDER), SENDER)
            pairs = [(match.hash.worker_id, match.address.worker_id) for match in found]
            await asyncio.to_thread(tables.identities.note_matches, pairs)
        for forgetting in news.forgettings:
            await self._forget(forgetting, tables)

    async def _forget(self, forgetting: Forgetting, tables: Tables) -> None:
        erased = await asyncio.to_thread(tables.eraser.erase, forgetting.worker_id, forgetting.until)
        purges = await asyncio.to_thread(self._refused, erased.person, forgetting.until)
        await self._intake.producer.publish([*purges, *erased.messages(self._intake, SENDER)])
        log.info("worker_forgotten", ids=len(erased.workers), refusals=len(purges), **erased.counts)

    async def _connected(self) -> Tables:
        if self._tables is None:
            self._tables = await asyncio.to_thread(self._connect)
        return self._tables


def news_in(values: Iterable[bytes | None]) -> News:
    """What messages say; those that only take others off the topic say nothing."""
    news = News([], [])
    for value in values:
        if not value:
            continue
        try:
            said = read(value)
        except ValueError as error:
            log.warning("identity_unreadable", error=str(error))
            continue
        if isinstance(said, Introduction):
            news.introductions.append(said)
        else:
            news.forgettings.append(said)
    return news


def _matches(table: IdentityTable, introductions: Iterable[Introduction], key: IdentityKey) -> list[Match]:
    new = [Sealed(said.kind, said.worker_id, said.sealed) for said in introductions]
    new_hashes = hashes_in((each for each in new if each.kind == HASHES), key)
    new_addresses = addresses_in((each for each in new if each.kind == ADDRESSES), key)
    found: list[Match] = []
    if new_hashes:
        for block in table.addresses():
            found.extend(matches(new_hashes, addresses_in(block, key)))
    if new_addresses:
        for block in table.unmatched_hashes():
            found.extend(matches(hashes_in(block, key), new_addresses))
    return list({(match.hash.worker_id, match.address.worker_id): match for match in found}.values())
