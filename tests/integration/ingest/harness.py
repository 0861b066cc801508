"""A gateway on a broker of the round, called in process, and what it left on the topics."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx2

from schemas.registry import Registries
from schemas.topic import topic_specs
from services.ingest.app import gateway_app
from services.ingest.arrivals import Arrivals
from services.ingest.gate import Door, Gate
from services.ingest.hooks.opening import Opening
from services.ingest.intake_parts import intake_on, now
from services.ingest.lrs.store import store_on
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.fetching import offline
from services.ingest.verify.kept import KeptLinks
from services.ingest.verify.service import Verifying
from services.runtime.clickhouse import connect
from services.runtime.kafka_admin import apply_topics
from services.runtime.keys import ALL, Credential, StoredKey, Verifier, digest
from services.runtime.producer import Producer
from services.runtime.whole_log import whole_log

SECRET = "s3cret"
KEYS = {
    "src_all": StoredKey(Credential("src_all", "source", "lms", frozenset((ALL,))), digest(SECRET)),
    "src_awards": StoredKey(Credential("src_awards", "source", "badges", frozenset(("award",))), digest(SECRET)),
}
JSON = {"Content-Type": "application/json"}
XAPI = {**JSON, "X-Experience-API-Version": "1.0.3"}


def make_topics(bootstrap: str, prefix: str) -> None:
    """All topics of Stepwell under a prefix."""
    apply_topics(bootstrap, specs=[spec.model_copy(update={"name": prefix + spec.name}) for spec in topic_specs()])


def settings_for(environment: dict[str, str], prefix: str, **changes: Any) -> Settings:
    """Settings as the environment of a broker has them, with changes."""
    named = {name.removeprefix("STEPWELL_").lower(): value for name, value in environment.items()}
    return Settings(**{"identity_key": "a secret of the tests", **named, "topic_prefix": prefix, **changes})


@asynccontextmanager
async def running(settings: Settings, opening: Opening | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway whose key `src_all` may send everything, and `src_awards` awards only."""
    producer = Producer(settings.producer("test"))
    await producer.start()
    gate = Gate(Verifier(lambda: KEYS), settings.rate_limit, settings.body_bytes)
    intake = intake_on(producer, settings, Metrics())
    try:
        async with store_on(settings, intake) as store:
            verifying = Verifying(offline, AtHand(Registries), lambda _: None, now)
            links = KeptLinks(None, lambda _: (), verifying, now)
            door = Door(settings.verify_rate_limit, settings.body_bytes)
            arrivals = Arrivals(partial(connect, settings.clickhouse, settings.database))
            needs = {"kafka": producer.is_ready}
            app = gateway_app(gate, intake, store, needs, door, links, arrivals, opening)
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://gateway", auth=("src_all", SECRET), timeout=30
            ) as client:
                yield client
    finally:
        await producer.stop()


def messages(bootstrap: str, topic: str) -> list[Any]:
    """Everything on a topic, as kafka-python gives it."""
    return list(whole_log(bootstrap, topic))


def records_on(bootstrap: str, prefix: str) -> list[dict[str, Any]]:
    """The records that were published under a prefix, decoded."""
    return [json.loads(message.value) for message in messages(bootstrap, prefix + "stepwell.records.v1")]
