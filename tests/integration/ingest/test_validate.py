"""`POST /v1/validate` over real brokers: what it says, and that nothing is left anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from services.ingest.openapi import AWARD_EXAMPLE, COMPLETION_EXAMPLE, STATEMENT_EXAMPLE
from services.ingest.openapi_platforms import ENVELOPE_EXAMPLE
from tests.conftest import Broker
from tests.integration.ingest.harness import SECRET, make_topics, messages, running, settings_for


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """Topics of the test's own, by their prefix."""
    make_topics(kafka, topic_prefix)
    return topic_prefix


@pytest.fixture
async def gateway(broker: Broker, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway."""
    async with running(settings_for(broker.environment(), prefix)) as client:
        yield client


@pytest.mark.parametrize(
    "payload, dialect, kind",
    [
        (AWARD_EXAMPLE, "native", "award"),
        (STATEMENT_EXAMPLE, "xapi", "completion"),
        (ENVELOPE_EXAMPLE, "caliper", "completion"),
    ],
)
async def test_it_says_what_a_payload_would_become(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, payload: Any, dialect: str, kind: str
) -> None:
    """Whatever its dialect; and neither records nor refusals are anywhere afterwards."""
    answer = (await gateway.post("/v1/validate", json=payload)).json()
    assert (answer["valid"], answer["dialect"], answer["errors"]) == (True, dialect, [])
    assert [(record["kind"], record["source"]) for record in answer["records"]] == [(kind, "lms")]
    for topic in ("records", "rejected", "xapi"):
        assert messages(kafka, f"{prefix}stepwell.{topic}.v1") == []


async def test_it_says_what_is_wrong(gateway: httpx2.AsyncClient) -> None:
    """As the real thing would, but with 200: the question was answered."""
    answer = await gateway.post("/v1/validate", json=[AWARD_EXAMPLE, {**AWARD_EXAMPLE, "achievement": None}])
    assert answer.status_code == 200
    said = answer.json()
    assert (said["valid"], len(said["records"]), said["errors"][0]["index"]) == (False, 1, 1)
    assert said["errors"][0]["pointer"] == "/achievement"
    assert (await gateway.post("/v1/validate", content=b"{")).json()["errors"][0]["code"] == "invalid_json"


async def test_it_says_what_the_key_may_not_send(gateway: httpx2.AsyncClient) -> None:
    """A key of narrow scope is told before it tries."""
    answer = await gateway.post("/v1/validate", json=COMPLETION_EXAMPLE, auth=("src_awards", SECRET))
    assert [error["code"] for error in answer.json()["errors"]] == ["scope"]


async def test_a_dialect_may_be_told(gateway: httpx2.AsyncClient) -> None:
    """And one that is none is a bad request."""
    answer = await gateway.post("/v1/validate?dialect=xapi", json=AWARD_EXAMPLE)
    assert (answer.json()["dialect"], answer.json()["valid"]) == ("xapi", False)
    assert (await gateway.post("/v1/validate?dialect=latin", json=AWARD_EXAMPLE)).status_code == 400
    assert (await gateway.post("/v1/validate", json=AWARD_EXAMPLE, auth=("src_all", "wrong"))).status_code == 401
