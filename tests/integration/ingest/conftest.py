"""Fixtures of the tests of ingest: an inbox as a process, and a gateway beside it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.runtime.children import Child, spawn
from services.runtime.clickhouse import connect
from services.runtime.epochs import start_epoch
from services.runtime.topics import XAPI
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics, running, settings_for
from tests.integration.ingest.staging import Stage


@pytest.fixture
def inbox(broker: Broker, topic_prefix: str, database: tuple[str, str], tmp_path: Path) -> Iterator[Child]:
    """An inbox on topics and a database of the test's own."""
    make_topics(broker.bootstrap, topic_prefix)
    start_epoch(connect(*database), topic_prefix + XAPI)
    environment = {
        **broker.environment(),
        "STEPWELL_TOPIC_PREFIX": topic_prefix,
        "STEPWELL_HOME": str(tmp_path),
        "STEPWELL_CLICKHOUSE": database[0],
        "STEPWELL_DATABASE": database[1],
    }
    command = (sys.executable, "-m", "services.ingest.inbox")
    child = spawn("inbox", command, tmp_path / "inbox.log", environment=environment)
    yield child
    child.stop()


@pytest_asyncio.fixture
async def stage(inbox: Child, broker: Broker, topic_prefix: str, database: tuple[str, str]) -> AsyncIterator[Stage]:
    """The whole of ingest, with a key of its own making."""
    where = {"clickhouse": database[0], "database": database[1], "identity_key": ""}
    async with running(settings_for(broker.environment(), topic_prefix, **where)) as gateway:
        yield Stage(gateway, connect(*database), broker, topic_prefix)
