"""The record store as the gateway holds it: what its routes need, in one value, and how long it lives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from services.ingest.intake import Intake
from services.ingest.lrs.arriving import Reader
from services.ingest.lrs.changing import Changing
from services.ingest.lrs.completion import Authority
from services.ingest.lrs.following import Following
from services.ingest.lrs.reading import Reading
from services.ingest.lrs.taking import Taking
from services.ingest.settings import Settings
from services.runtime.clickhouse import Client, connect
from services.runtime.epochs import current_epoch
from services.runtime.keys import Credential
from services.runtime.tail import EMBEDDED_POLL_MS, POLL_MS


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that the xAPI routes talk to."""

    following: Following
    reading: Reading
    taking: Taking
    changing: Changing
    readers: tuple[Reader, Reader]
    """Of 1.0.x and of 2.0.x."""
    home_page: str
    clock: Callable[[], datetime]
    origins: str
    """Whose pages may ask from a browser, as `Sharing` reads it."""

    def authority(self, credential: Credential) -> Authority:
        """Who sends by a credential."""
        return Authority(credential.key, credential.owner)

    def reader(self, *, is_version_2: bool) -> Reader:
        """Reads requests of a version."""
        return self.readers[is_version_2]


@asynccontextmanager
async def store_on(settings: Settings, intake: Intake) -> AsyncIterator[Store]:
    """The store, following the log in the background: it starts whether Kafka and ClickHouse are there or not."""
    reading = Reading(lambda: _connected(settings))
    poll_ms = EMBEDDED_POLL_MS if settings.embedded else POLL_MS
    following = Following(settings.kafka, settings.xapi_topic, reading, lambda: _epoch(settings), poll_ms)
    taking = Taking(following, reading, intake.producer, settings.xapi_topic, intake.clock, uuid4)
    changing = Changing(following, reading, intake.producer, settings.xapi_topic, intake.clock, uuid4)
    readers = (Reader(settings.home_page, is_version_2=False), Reader(settings.home_page, is_version_2=True))
    following.start()
    try:
        parts = (following, reading, taking, changing, readers)
        yield Store(*parts, settings.home_page, intake.clock, settings.xapi_origins)
    finally:
        await following.stop()
        reading.close()


def _connected(settings: Settings) -> Client:
    return connect(settings.clickhouse, settings.database)


def _epoch(settings: Settings) -> int:
    client = _connected(settings)
    try:
        return current_epoch(client, settings.xapi_topic)
    finally:
        client.close()
