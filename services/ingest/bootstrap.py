"""Builds the gateway: settings to clients to app. Nothing is made before `gateway` is entered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

from starlette.types import ASGIApp

from services.core.seals import Seal
from services.ingest.app import gateway_app
from services.ingest.arrivals import Arrivals
from services.ingest.gate import Door, Gate
from services.ingest.hooks.following import hooks_in
from services.ingest.hooks.opening import Opening
from services.ingest.identity.key import watched
from services.ingest.intake_parts import intake_on, key_on, now
from services.ingest.lrs.store import store_on
from services.ingest.meanings_follower import MeaningsInForce, following
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.fetching import fetched, offline
from services.ingest.verify.kept import KeptLinks
from services.ingest.verify.service import Verifying
from services.ingest.verify.tables import Tables
from services.runtime.clickhouse import Client, connect
from services.runtime.errors import Unavailable
from services.runtime.keys import StoredKey, Verifier, stored_keys
from services.runtime.oidc import Provider, Tokens
from services.runtime.producer import Producer


@asynccontextmanager
async def gateway(settings: Settings) -> AsyncIterator[ASGIApp]:
    """The gateway, with its clients connecting in the background: it starts whether Kafka and ClickHouse do or not.

    Raises: HooksRefused when the declaration of the hooks cannot be followed.
    """
    opening = Opening(hooks_in(settings.hooks))
    verifier = Verifier(key_loader(settings))
    producer = Producer(settings.producer("stepwell-gateway"))
    gate = Gate(verifier, settings.rate_limit, settings.body_bytes, tokens_of(settings))

    async def has_keys() -> bool:
        try:
            await verifier.verify("readyz", "")
        except Unavailable:
            return False
        return True

    meanings = MeaningsInForce()
    key = key_on(settings)
    intake = intake_on(producer, settings, Metrics(), meanings, key)

    async def has_identity_key() -> bool:
        try:
            await asyncio.to_thread(intake.identity)
        except Unavailable:
            return False
        return True

    await producer.start()
    try:
        needs = {"kafka": producer.is_ready, "keys": has_keys, "identity key": has_identity_key}
        door = Door(settings.verify_rate_limit, settings.body_bytes)
        tables = Tables(settings)
        async with (
            verifying_on(settings, tables) as verifying,
            following(meanings, settings.kafka, settings.catalog_topic),
            watched(key),
            store_on(settings, intake) as store,
        ):
            arrivals = Arrivals(partial(connect, settings.clickhouse, settings.database))
            links = KeptLinks(_seal(settings), tables.originals, verifying, now)
            yield gateway_app(gate, intake, store, needs, door, links, arrivals, opening)
    finally:
        await producer.stop()


@asynccontextmanager
async def verifying_on(settings: Settings, tables: Tables) -> AsyncIterator[Verifying]:
    """The verifier that the settings describe; it connects when it is first asked."""
    verifying = Verifying(fetched if settings.verify_fetches else offline, AtHand(tables.load), tables.note, now)
    try:
        yield verifying
    finally:
        verifying.close()


def _seal(settings: Settings) -> Seal | None:
    """What seals links to credentials; None where the settings have no secret for it."""
    return Seal(settings.link_secret.get_secret_value()) if settings.link_secret else None


def tokens_of(settings: Settings) -> Tokens | None:
    """Checks tokens of the provider that the settings name; None when they name none."""
    if not settings.oidc_issuer:
        return None
    return Tokens(Provider(settings.oidc_issuer, settings.oidc_audience, settings.oidc_keys))


def key_loader(settings: Settings) -> Callable[[], Mapping[str, StoredKey]]:
    """Reads the sources' keys; connects when first called, and again after an error."""
    client: Client | None = None

    def load() -> Mapping[str, StoredKey]:
        nonlocal client
        client = client or connect(settings.clickhouse, settings.database)
        try:
            return stored_keys(client, "source")
        except Exception:
            client = None
            raise

    return load
