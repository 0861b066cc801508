"""The Caliper endpoint over real brokers, as the Sensor API asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from services.ingest.openapi_platforms import ENVELOPE_EXAMPLE
from services.runtime.rejected import read
from tests.conftest import Broker
from tests.integration.ingest.harness import SECRET, make_topics, messages, records_on, running, settings_for

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """Topics of the test's own, by their prefix."""
    make_topics(kafka, topic_prefix)
    return topic_prefix


@pytest.fixture
async def gateway(broker: Broker, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway, with the credential that sensors use."""
    async with running(settings_for(broker.environment(), prefix)) as client:
        client.auth = None  # type: ignore[assignment]  # its own setter takes it
        client.headers["Authorization"] = f"Bearer src_all.{SECRET}"
        yield client


async def test_an_envelope_is_taken_with_an_empty_answer(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """Source: Caliper 1.2, 6.1 (200 with an empty body). What it means is on the log, under the key's source."""
    answer = await gateway.post("/caliper", json=ENVELOPE_EXAMPLE)
    assert (answer.status_code, answer.content) == (200, b"")
    (record,) = records_on(kafka, prefix)
    assert (record["source"], record["dialect"], record["score"]["scaled"]) == ("lms", "caliper", 0.82)


async def test_what_is_no_learning_is_taken_and_left_at_that(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str
) -> None:
    """A sensor sends all that happens, and must not be told that it is wrong."""
    (event,) = ENVELOPE_EXAMPLE["data"]
    seen = {
        **event,
        "type": "ViewEvent",
        "action": "Viewed",
        "object": "https://lms.example.org/p/1",
        "generated": None,
    }
    seen["actor"] = "https://lms.example.org/users/ana"
    answer = await gateway.post("/caliper", json={**ENVELOPE_EXAMPLE, "data": [seen]})
    assert answer.status_code == 200
    assert records_on(kafka, prefix) == []


@pytest.mark.parametrize(
    "change, status, pointer",
    [
        ({"data": None}, 400, "/data"),
        ({"sensor": 1}, 400, "/sensor"),
        ({"data": [{"id": "x"}]}, 400, "/data/0/type"),
        ({"dataVersion": "http://purl.imsglobal.org/ctx/caliper/v2p0"}, 422, "/dataVersion"),
    ],
)
async def test_what_is_refused_is_kept(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, change: dict[str, Any], status: int, pointer: str
) -> None:
    """Source: Caliper 1.2, 6.1 (400 for a malformed envelope, 422 for another version)."""
    answer = await gateway.post("/caliper", json={**ENVELOPE_EXAMPLE, **change})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)
    (kept,) = [read(each.value, each.key, each.headers) for each in messages(kafka, prefix + "stepwell.rejected.v1")]
    assert (kept.source, kept.dialect, kept.fault.pointer) == ("lms", "caliper", pointer)


async def test_an_event_without_an_envelope_is_a_bad_request(gateway: httpx2.AsyncClient) -> None:
    """Source: Caliper 1.2, 6.1 (400 when there is no enclosing envelope)."""
    assert (await gateway.post("/caliper", json=ENVELOPE_EXAMPLE["data"][0])).status_code == 400
    assert (await gateway.post("/caliper", content=b"[]", headers=JSON)).status_code == 400
    assert (await gateway.post("/caliper", content=b"{", headers=JSON)).status_code == 400


async def test_other_media_types_and_strangers_are_refused(gateway: httpx2.AsyncClient) -> None:
    """Source: Caliper 1.2, 6.1 (415, 401)."""
    assert (await gateway.post("/caliper", content=b"{}", headers={"Content-Type": "text/plain"})).status_code == 415
    for token in ("", "Bearer nobody.knows"):
        answer = await gateway.post("/caliper", json=ENVELOPE_EXAMPLE, headers={"Authorization": token})
        assert answer.status_code == 401


async def test_a_sensor_may_ask_what_is_supported(gateway: httpx2.AsyncClient) -> None:
    """Source: Caliper 1.2, 6.2 (configuration)."""
    answer = await gateway.get("/caliper")
    assert answer.status_code == 200
    assert ENVELOPE_EXAMPLE["dataVersion"] in answer.json()["caliperSupportedVersions"]
