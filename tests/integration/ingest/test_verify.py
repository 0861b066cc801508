"""`POST /v1/verify` and `stepwell verify`: the same answers by either way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from httpx2 import Request

from services.ingest.settings import Settings
from tests.builders.credentials import compact, signed
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics, running, settings_for


def as_nobody(request: Request) -> Request:
    """Sends no credential."""
    return request


@pytest.fixture
def settings(broker: Broker, kafka: str, topic_prefix: str) -> Settings:
    """Settings of a gateway with topics of its own."""
    make_topics(kafka, topic_prefix)
    return settings_for(broker.environment(), topic_prefix)


async def test_anybody_may_ask_what_can_be_said_of_a_credential(settings: Settings) -> None:
    """With no key; what would have to be fetched is unknown, as this gateway fetches nothing."""
    async with running(settings) as client:
        for body, kind in ((json.dumps(signed()), "application/json"), (compact(), "text/plain")):
            answer = await client.post(
                "/v1/verify", content=body, headers={"content-type": kind}, auth=lambda request: request
            )
            told = answer.json()
            assert answer.status_code == 200
            assert told["credential"]["issuer"] == "did:web:college.example"
            assert told["answers"]["form"]["answer"] is True
            assert told["answers"]["proof"]["answer"] is None
            assert told["tier"] == 0


async def test_whether_it_is_about_somebody_can_be_asked(settings: Settings) -> None:
    """By any of their ids, in a header."""
    about = {"mailto:zo%C3%AB@x.example": False, "did:key:z6MkA": True}
    async with running(settings) as client:
        for who, answer in about.items():
            headers = {"content-type": "application/json", "stepwell-subject": who}
            told = await client.post("/v1/verify", content=json.dumps(signed()), headers=headers)
            assert told.json()["answers"]["subject"]["answer"] is answer


async def test_what_is_no_credential_is_refused_with_a_reason(settings: Settings) -> None:
    """As a problem document; other media types are not read at all."""
    async with running(settings) as client:
        refused = await client.post("/v1/verify", content="hello", headers={"content-type": "text/plain"})
        strange = await client.post("/v1/verify", content="x", headers={"content-type": "video/mp4"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "not_a_credential")
    assert strange.status_code == 415


async def test_one_address_may_not_ask_without_end(settings: Settings) -> None:
    """It is told when to come back."""
    async with running(settings.model_copy(update={"verify_rate_limit": "2/minute"})) as client:
        answers = [await client.post("/v1/verify", content="{}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_command_says_each_step_and_fails_where_one_is_no(tmp_path: Path) -> None:
    """In words and as JSON, with nothing fetched."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(signed()))
    bad.write_text(json.dumps(signed(validUntil="2020-01-01T00:00:00Z")))
    assert _run(good)[0] == 0
    code, said = _run(bad)
    assert code == 1
    assert "it ended 2020-01-01" in said
    told = json.loads(_run(good, "--json")[1])
    assert told["answers"]["status"]["answer"] is None


def _run(path: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "services.cli", "verify", "--offline", str(path), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout
