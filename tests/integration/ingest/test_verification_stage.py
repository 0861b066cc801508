"""A signed credential from its posting to a stack: trusted more once it is verified, taken back and given back."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from schemas.catalog import Catalog
from services.ingest.originals import COLUMNS, rows_of
from services.runtime.children import spawn
from services.runtime.topics import CREDENTIALS
from tests.builders.verifying import LONG_AGO, badge, documents_of_long_ago, sent
from tests.conftest import Broker
from tests.integration.aggregate.harness import Setting
from tests.integration.ingest.harness import JSON, make_topics, messages, running, settings_for
from tests.integration.ingest.stage_over_a_folder import file_of

pytestmark = pytest.mark.timeout(300)
EXAMPLE = Path(__file__).parents[3] / "schemas/examples/record/valid/verification.json"
KEY = "a secret of the tests"
AWARD = "SELECT trust, revoked_reason FROM awards FINAL WHERE is_deleted = 0"
COMPLETE = "SELECT count() FROM progress FINAL WHERE is_deleted = 0 AND complete"
MISSED = "SELECT JSONExtractInt(body, 'trust') FROM records FINAL WHERE award_id = 'urn:uuid:missed'"
CATALOG = Catalog.model_validate(
    {"stacks": [{"id": "s", "requires": {"award": "certificate", "trust": 2}}]}, strict=False
)


class Whole:
    """A gateway to call, an aggregate and a stage that run, and the issuer's documents in a folder."""

    def __init__(self, setting: Setting, gateway: httpx2.AsyncClient, folder: Path) -> None:
        self.setting = setting
        self.gateway = gateway
        self._folder = folder

    def put(self, documents: dict[str, Any]) -> None:
        """Have the issuer say this from now on."""
        for url, document in documents.items():
            whole = self._folder / "whole"
            whole.write_text(json.dumps(document))
            whole.replace(file_of(self._folder, url))

    def forget_to_check(self, content: bytes) -> None:
        """Put a credential in the table whose message was lost long ago."""
        missed = sent(content)
        row = (missed.digest, content, missed.media_type, missed.source, LONG_AGO + timedelta(days=30), 1)
        with closing(self.setting.client()) as client:
            client.insert("credentials", [row], column_names=list(COLUMNS))

    def keep_originals(self) -> None:
        """Put what is on the credentials topic into its table, as the inbox does."""
        topic = self.setting.prefix + CREDENTIALS
        rows = list(rows_of(messages(self.setting.broker.bootstrap, topic)))
        with closing(self.setting.client()) as client:
            client.insert("credentials", rows, column_names=list(COLUMNS))

    async def until(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Return once a query gives these rows; fail when it does not for long."""

        async def is_so() -> bool:
            return await self.setting.query(query) == rows

        await self.setting.until(is_so, 60)
        assert await self.setting.query(query) == rows


@pytest_asyncio.fixture
async def whole(broker: Broker, topic_prefix: str, database: tuple[str, str], tmp_path: Path) -> AsyncIterator[Whole]:
    """All of it, on topics and a database of the test's own."""
    setting = Setting(broker, topic_prefix, *database, tmp_path)
    setting.apply_topics()
    where = {"clickhouse": database[0], "database": database[1], "identity_key": KEY}
    environment = {
        **broker.environment(),
        "STEPWELL_TOPIC_PREFIX": topic_prefix,
        "STEPWELL_CLICKHOUSE": database[0],
        "STEPWELL_DATABASE": database[1],
        "STEPWELL_IDENTITY_KEY": KEY,
        "STEPWELL_HOME": str(tmp_path),
        "STEPWELL_VERIFY_RECHECK_SECONDS": "0.5",
    }
    folder = tmp_path / "web"
    folder.mkdir()
    command = (sys.executable, "-m", "tests.integration.ingest.stage_over_a_folder", str(folder))
    children = [setting.start(), spawn("verify", command, tmp_path / "verify.log", environment=environment)]
    async with running(settings_for(broker.environment(), topic_prefix, **where)) as gateway:
        yield Whole(setting, gateway, folder)
    for child in children:
        child.stop()


async def test_a_credential_is_trusted_taken_back_and_given_back(whole: Whole) -> None:
    """Its stack follows: incomplete while its issuer cannot be asked, complete once verified, then as lists say."""
    await whole.setting.apply_catalog(CATALOG)
    answer = await whole.gateway.post("/credentials", content=badge(), headers=JSON)
    assert answer.status_code == 200, answer.text
    await whole.until(AWARD, [(1, "")])
    await whole.until(COMPLETE, [(0,)])
    whole.keep_originals()
    whole.put(documents_of_long_ago())
    await whole.until(AWARD, [(2, "")])
    await whole.until(COMPLETE, [(1,)])
    whole.forget_to_check(badge(id="urn:uuid:missed"))
    await whole.until(MISSED, [(2,)])
    whole.put(documents_of_long_ago(7))
    await whole.until(AWARD, [(2, "revoked by its issuer")])
    await whole.until(COMPLETE, [(0,)])
    whole.put(documents_of_long_ago())
    await whole.until(AWARD, [(2, "")])
    await whole.until(COMPLETE, [(1,)])


async def test_only_the_stage_states_verifications(broker: Broker, topic_prefix: str) -> None:
    """A key for everything is no key for that; nothing of it is taken."""
    said = json.loads(EXAMPLE.read_text())
    make_topics(broker.bootstrap, topic_prefix)
    async with running(settings_for(broker.environment(), topic_prefix)) as gateway:
        answer = await gateway.post("/v1/records", json=said)
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert (error["code"], error["pointer"]) == ("reserved", "/kind")
