"""The gateway over real brokers: what is answered, and what is on the topics afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import schemas
from schemas.records import Award, record_adapter
from services.core.settle import routing_key
from services.runtime.rejected import read
from tests.builders.statements import statement
from tests.conftest import Broker
from tests.integration.ingest.harness import (
    JSON,
    SECRET,
    XAPI,
    make_topics,
    messages,
    records_on,
    running,
    settings_for,
)

EXAMPLES = sorted((Path(schemas.__file__).parent / "examples/record/valid").glob("*.json"))
AWARD: dict[str, Any] = {
    "kind": "award",
    "source": "somebody else",
    "occurred_at": "2025-06-01T00:00:00Z",
    "account": {"mbox": "mailto:ana@example.org"},
    "achievement": {"id": "a+"},
    "trust": 4,
}
NO_AUTH = httpx2.Auth()
COMPLETION = {**AWARD, "kind": "completion"}


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """Topics of the test's own, by their prefix."""
    make_topics(kafka, topic_prefix)
    return topic_prefix


@pytest.fixture
async def gateway(broker: Broker, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway."""
    async with running(settings_for(broker.environment(), prefix, body_bytes=100_000)) as client:
        yield client


def rejected(kafka: str, prefix: str) -> list[Any]:
    """The refusals under a prefix."""
    return [read(each.value, each.key, each.headers) for each in messages(kafka, prefix + "stepwell.rejected.v1")]


async def test_a_record_is_acknowledged_once_it_is_on_the_log(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str
) -> None:
    """Settled: source and trust are the credential's, worker and id are filled in; keyed by the worker."""
    answer = await gateway.post("/v1/records", json=AWARD)
    assert answer.status_code == 200
    (message,) = messages(kafka, prefix + "stepwell.records.v1")
    record = record_adapter.validate_json(message.value)
    assert isinstance(record, Award)
    assert answer.json() == {"record_ids": [str(record.record_id)]}
    assert (record.source, record.trust) == ("lms", 1)
    assert message.key.decode() == routing_key(record) == record.worker_id
    headers = dict(message.headers)
    assert headers["ce_type"] == b"stepwell.record.v1"
    assert headers["ce_id"] == str(record.record_id).encode()


async def test_the_same_content_gets_the_same_ids_in_every_form(gateway: httpx2.AsyncClient) -> None:
    """A retry is no second fact, be it sent alone, in an array or on a line."""
    text = json.dumps(AWARD)
    answers = [
        await gateway.post("/v1/records", content=text, headers=JSON),
        await gateway.post("/v1/records", content=f"[{text}]", headers=JSON),
        await gateway.post("/v1/records", content=text + "\n", headers={"Content-Type": "application/x-ndjson"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1


async def test_every_published_example_is_taken(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """What an integrator copies works; what only Stepwell itself states is no integrator's."""
    examples = [json.loads(path.read_bytes()) for path in EXAMPLES]
    batch = [example for example in examples if example["kind"] != "verification"]
    answer = await gateway.post("/v1/records", json=batch)
    assert answer.status_code == 200, answer.text
    sent = {record["record_id"] for record in records_on(kafka, prefix)}
    assert sent == set(answer.json()["record_ids"])
    assert len(sent) == len(batch)


async def test_one_faulty_record_refuses_the_batch_and_the_payload_is_kept(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str
) -> None:
    """All or nothing, as a producer that gets an error sends the whole again; original bytes stay readable."""
    body = json.dumps([AWARD, {**AWARD, "occurred_at": "yesterday"}]).encode()
    answer = await gateway.post("/v1/records", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert [(error["index"], error["pointer"]) for error in problem["errors"]] == [(1, "/occurred_at")]
    assert records_on(kafka, prefix) == []
    (refusal,) = rejected(kafka, prefix)
    assert refusal.payload.value == body
    assert (refusal.source, refusal.fault.pointer, refusal.stage) == ("lms", "/1/occurred_at", "ingest.http")


async def test_a_key_may_send_only_what_its_scopes_say(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """403 names the index and the kind."""
    narrow = ("src_awards", SECRET)
    answer = await gateway.post("/v1/records", json=[AWARD, COMPLETION], auth=narrow)
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert error["index"] == 1
    assert "completion" in error["detail"]
    assert (await gateway.post("/v1/records", json=AWARD, auth=narrow)).status_code == 200
    assert (await gateway.post("/xAPI/statements", json=statement(), headers=XAPI, auth=narrow)).status_code == 403
    assert [record["kind"] for record in records_on(kafka, prefix)] == ["award"]


@pytest.mark.parametrize(
    "credential", ["", "Basic bm9ib2R5OnMzY3JldA==", "Bearer src_all.wrong", "Basic ?", "Digest x"]
)
async def test_without_a_good_key_nothing_is_taken(gateway: httpx2.AsyncClient, credential: str) -> None:
    """401 says how to come in."""
    answer = await gateway.post("/v1/records", json=AWARD, auth=NO_AUTH, headers={"Authorization": credential})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_bearer_token_is_as_good_as_basic(gateway: httpx2.AsyncClient) -> None:
    """Key and secret in one text."""
    bearer = {"Authorization": f"Bearer src_all.{SECRET}"}
    answer = await gateway.post("/v1/records", json=AWARD, headers=bearer, auth=NO_AUTH)
    assert answer.status_code == 200


async def test_bodies_have_a_kind_and_a_size(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """415 for another media type, 413 for too much, said or not said beforehand; neither is kept."""
    wrong_kind = await gateway.post("/v1/records", content=b"a,b", headers={"Content-Type": "text/csv"})
    too_large = await gateway.post("/v1/records", content=b" " * 100_001, headers=JSON)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 50_000

    unannounced = await gateway.post("/v1/records", content=chunks(), headers=JSON)
    assert [each.status_code for each in (wrong_kind, too_large, unannounced)] == [415, 413, 413]
    assert rejected(kafka, prefix) == []


async def test_a_key_that_asks_too_often_is_told_when_to_come_back(broker: Broker, prefix: str) -> None:
    """429 with Retry-After, for that key alone."""
    async with running(settings_for(broker.environment(), prefix, rate_limit="2/minute")) as gateway:
        answers = [await gateway.post("/v1/records", json=AWARD) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 60
        assert (await gateway.post("/v1/records", json=AWARD, auth=("src_awards", SECRET))).status_code == 200


async def test_unknown_paths_and_methods_are_problems_too(gateway: httpx2.AsyncClient) -> None:
    """Every error has one form."""
    answers = [
        await gateway.get("/nowhere"),
        await gateway.get("/v1/records"),
        await gateway.delete("/xAPI/statements"),
    ]
    assert [each.status_code for each in answers] == [404, 405, 405]
    assert {each.headers["content-type"] for each in answers} == {"application/problem+json"}
    assert answers[2].headers["x-experience-api-version"] == "1.0.3"
    assert answers[2].headers["allow"] == "GET, POST, PUT"


async def test_a_faulty_statement_refuses_the_request(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """400 and never 422, with index and pointer, so that Moodle's plugin halves its batch."""
    batch = [statement(), statement(actor={"mbox": "ana@example.org"})]
    answer = await gateway.post("/xAPI/statements", json=batch, headers=XAPI)
    assert answer.status_code == 400
    assert [(error["index"], error["pointer"]) for error in answer.json()["errors"]] == [(1, "/actor/mbox")]
    assert records_on(kafka, prefix) == []
    assert [(refusal.dialect, refusal.fault.code) for refusal in rejected(kafka, prefix)] == [("xapi", "not_a_mailto")]


@pytest.mark.parametrize(
    "version,status", [("1.0", 200), ("1.0.9", 200), ("2.0.0", 200), ("0.9", 400), ("1.1.0", 400), (None, 400)]
)
async def test_every_xapi_request_says_its_version(
    gateway: httpx2.AsyncClient, version: str | None, status: int
) -> None:
    """XAPI-00326 and following: missing or foreign versions are 400."""
    headers = JSON if version is None else {**JSON, "X-Experience-API-Version": version}
    answer = await gateway.post("/xAPI/statements", json=statement(), headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-experience-api-version"] == ("2.0.0" if version == "2.0.0" else "1.0.3")


async def test_about_needs_no_key(gateway: httpx2.AsyncClient) -> None:
    """XAPI-00333: about tells the versions."""
    answer = await gateway.get("/xAPI/about", auth=NO_AUTH)
    assert answer.json() == {"version": ["1.0.3", "2.0.0"]}


async def test_the_document_describes_every_route_with_examples(gateway: httpx2.AsyncClient) -> None:
    """The examples of the OpenAPI document are good: each is taken as it stands there."""
    document = (await gateway.get("/openapi.json")).json()
    assert {"/v1/records", "/xAPI/statements", "/xAPI/about"} <= set(document["paths"])
    for path in ("/v1/records", "/xAPI/statements", "/caliper", "/v1/validate"):
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            assert (await gateway.post(path, json=example["value"], headers=XAPI)).status_code == 200


def lacking(place: str, content: dict[str, Any]) -> list[str]:
    """The place, unless some media type of a body or an answer has an example."""
    shown = [name for media in content.values() for name in ("example", "examples") if name in media]
    return [place] if content and not shown else []


async def test_every_endpoint_has_examples(gateway: httpx2.AsyncClient) -> None:
    """Of its parameters, of what is sent, of every answer, problems included; each problem of its own status."""
    document = (await gateway.get("/openapi.json")).json()
    found: list[str] = []
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            found += lacking(f"{verb} {path}", operation.get("requestBody", {}).get("content", {}))
            for each in operation.get("parameters", ()):
                found += [f"{verb} {path} {each['name']}"] if "example" not in each else []
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                found += lacking(f"{verb} {path} {status}", content)
                problem = content.get("application/problem+json")
                assert problem is None or problem["example"]["status"] == int(status)
    assert found == []


async def test_probes_and_metrics_are_served(gateway: httpx2.AsyncClient) -> None:
    """Ready once Kafka answers; counters by kind."""
    await gateway.post("/v1/records", json=AWARD)
    assert (await gateway.get("/livez")).json() == {"status": "ok"}
    assert (await gateway.get("/readyz")).json() == {"status": "ok"}
    metrics = (await gateway.get("/metrics")).text
    assert 'stepwell_records_ingested_total{dialect="native",kind="award"} 1.0' in metrics
    assert 'stepwell_requests_total{route="/v1/records",status="200"} 1.0' in metrics
