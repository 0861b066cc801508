"""Webhooks over real brokers: what is taken, what is kept, and what is nobody's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import serialize_compact
from pydantic import TypeAdapter

from services.ingest.hooks.declared import Hook
from services.ingest.hooks.opening import Opening
from services.ingest.hooks.standard import sign
from services.ingest.openapi import AWARD_EXAMPLE
from services.ingest.openapi_platforms import CANVAS_EXAMPLE, CLAIM_EXAMPLE, ENVELOPE_EXAMPLE
from services.runtime.errors import Unavailable
from services.runtime.rejected import read
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics, messages, records_on, running, settings_for

KEY = RSAKey.generate_key(2048, {"kid": "current"})
SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEA=="
GOLDEN = Path(__file__).parents[2] / "golden/credly"
ORGANISATION = CLAIM_EXAMPLE["organization_id"]
CREDLY = "https://api.example.org/v1/organizations/{organization_id}/events/{id}"
HOOKS: list[dict[str, Any]] = [
    {"name": "canvas", "source": "college", "kind": "signed", "keys": "keys.json"},
    {"name": "acme", "source": "acme", "kind": "standard", "secrets": [SECRET]},
    {"name": "credly", "source": "credly", "kind": "claim_check", "url": CREDLY, "organizations": [ORGANISATION]},
]


class Issuer:
    """An issuer's API with one event."""

    def __init__(self) -> None:
        self.event: bytes | None = (GOLDEN / "badge-created.json").read_bytes()
        self.asked: list[str] = []

    async def fetch(self, url: str, _headers: Mapping[str, str]) -> bytes:
        """What is at an address."""
        self.asked.append(url)
        if self.event is None:
            raise Unavailable("api.example.org", "away")
        return self.event


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """Topics of the test's own, by their prefix."""
    make_topics(kafka, topic_prefix)
    return topic_prefix


@pytest.fixture
def issuer() -> Issuer:
    """The issuer that claims are fetched from."""
    return Issuer()


@pytest.fixture
async def gateway(broker: Broker, prefix: str, issuer: Issuer) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway with hooks, and without an API key."""
    hooks = {one["name"]: TypeAdapter(Hook).validate_python(one) for one in HOOKS}
    keys = json.dumps(KeySet([KEY]).as_dict(private=False)).encode()
    opening = Opening(lambda: hooks, issuer.fetch, lambda _: keys)
    async with running(settings_for(broker.environment(), prefix), opening) as client:
        client.auth = None  # type: ignore[assignment]  # its own setter takes it
        yield client


def token(event: Any, key: RSAKey = KEY) -> bytes:
    """An event as Canvas signs it."""
    header = {"alg": "RS256", "kid": "current"}
    return serialize_compact(header, json.dumps(event).encode(), key, algorithms=["RS256"]).encode()


def signed(document: Any) -> dict[str, Any]:
    """A message of Standard Webhooks."""
    body, now = json.dumps(document).encode(), datetime.now(UTC)
    stamp = str(int(now.timestamp()))
    signature = sign(SECRET, "msg_1", now, body)
    told = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}
    return {"content": body, "headers": {**told, "content-type": "application/json"}}


def refusals(kafka: str, prefix: str) -> list[Any]:
    """What is kept among the refused."""
    return [read(each.value, each.key, each.headers) for each in messages(kafka, prefix + "stepwell.rejected.v1")]


@pytest.mark.parametrize("event, dialect", [(CANVAS_EXAMPLE, "canvas"), (ENVELOPE_EXAMPLE, "caliper")])
async def test_canvas_is_heard_in_both_of_its_forms(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, event: Any, dialect: str
) -> None:
    """Signed, under the source that is declared; sent again it is the same fact."""
    for _ in range(2):
        assert (await gateway.post("/hooks/canvas", content=token(event))).status_code == 200
    records = records_on(kafka, prefix)
    assert {(record["source"], record["dialect"]) for record in records} == {("college", dialect)}
    assert len({record["record_id"] for record in records}) == 1


async def test_what_nobody_signed_is_kept_nowhere(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """401, and no trace of it."""
    forged = token(CANVAS_EXAMPLE, RSAKey.generate_key(2048, {"kid": "current"}))
    for body in (forged, json.dumps(CANVAS_EXAMPLE).encode()):
        assert (await gateway.post("/hooks/canvas", content=body)).status_code == 401
    assert (await gateway.post("/hooks/acme", json=AWARD_EXAMPLE)).status_code == 401
    assert (await gateway.post("/hooks/nobody", json=AWARD_EXAMPLE)).status_code == 404
    assert (records_on(kafka, prefix), refusals(kafka, prefix)) == ([], [])


@pytest.mark.parametrize(
    "document", [AWARD_EXAMPLE, {"type": "award.created", "timestamp": "2026-02-01T09:30:00Z", "data": AWARD_EXAMPLE}]
)
async def test_a_generic_issuer_sends_records_bare_or_wrapped(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, document: Any
) -> None:
    """Standard Webhooks puts a type and a time around what there is to say."""
    assert (await gateway.post("/hooks/acme", **signed(document))).status_code == 200
    (record,) = records_on(kafka, prefix)
    assert (record["source"], record["kind"]) == ("acme", "award")


async def test_what_is_signed_and_faulty_is_kept(gateway: httpx2.AsyncClient, kafka: str, prefix: str) -> None:
    """With its place in the whole; and a hook may not say who people are."""
    wrapped = {"type": "award.created", "data": {**AWARD_EXAMPLE, "occurred_at": "never"}}
    answer = await gateway.post("/hooks/acme", **signed(wrapped))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/data/occurred_at")
    link = {"kind": "link", "occurred_at": "2026-02-01T00:00:00Z", "worker_id": "w", "account": {"did": "did:key:z1"}}
    assert (await gateway.post("/hooks/acme", **signed(link))).status_code == 403
    assert [kept.source for kept in refusals(kafka, prefix)] == ["acme", "acme"]


async def test_a_claim_is_fetched_and_taken(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, issuer: Issuer
) -> None:
    """From the address that is declared, whatever the body says besides."""
    assert (
        await gateway.post("/hooks/credly", json={**CLAIM_EXAMPLE, "url": "https://evil.example"})
    ).status_code == 200
    assert issuer.asked == [CREDLY.format(**CLAIM_EXAMPLE)]
    (record,) = records_on(kafka, prefix)
    assert (record["dialect"], record["kind"], record["source"]) == ("credly", "award", "credly")


async def test_a_claim_is_asked_for_again_only_when_that_can_help(
    gateway: httpx2.AsyncClient, kafka: str, prefix: str, issuer: Issuer
) -> None:
    """503 while the issuer is away; 200 for what is faulty, which is kept; 403 for what is none of ours."""
    issuer.event = None
    assert (await gateway.post("/hooks/credly", json=CLAIM_EXAMPLE)).status_code == 503
    issuer.event = (GOLDEN / "faulty.json").read_bytes()
    assert (await gateway.post("/hooks/credly", json=CLAIM_EXAMPLE)).status_code == 200
    assert [kept.dialect for kept in refusals(kafka, prefix)] == ["credly"]
    other = {**CLAIM_EXAMPLE, "organization_id": "another"}
    assert (await gateway.post("/hooks/credly", json=other)).status_code == 403
