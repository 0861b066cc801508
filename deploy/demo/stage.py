"""Setting the stage on a Stepwell that runs: the catalog in force, a key for each source, a token for each employer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.demo.places import EMPLOYERS, SOURCES
from deploy.demo.sending import Keys
from schemas.catalog import Catalog, catalog_json
from services.core.stacks import compile_texts
from services.runtime import topics
from services.runtime.keys import issue, name_employer
from services.runtime.producer import Message, Producer, ProducerSettings


@dataclass(frozen=True, slots=True)
class Credentials:
    """Key and secret by source, dashboard token by employer."""

    keys: Keys
    tokens: dict[str, str]


def set_stage(client: Any, kafka: str, texts: Mapping[str, str]) -> Credentials:
    """Everything that must be there before the first record. `client` is of clickhouse-connect, on the database."""
    asyncio.run(_publish(kafka, compile_texts(texts).document))
    for employer in EMPLOYERS:
        name_employer(client, employer.employer_id, employer.name)
    return credentials(client)


async def _publish(kafka: str, catalog: Catalog) -> None:
    producer = Producer(ProducerSettings(kafka, is_idempotent=False))
    await producer.start()
    await producer.publish([Message(topics.CATALOG, catalog.id.encode(), catalog_json(catalog), [])])
    await producer.stop()


def credentials(client: Any) -> Credentials:
    """New credentials for everyone in the demo's world."""
    keys = {source.name: issue(client, "source", source.name, source.kinds) for source in SOURCES}
    tokens = {employer.employer_id: issue(client, "employer", employer.employer_id) for employer in EMPLOYERS}
    return Credentials(
        {name: (issued.key, issued.secret) for name, issued in keys.items()},
        {name: issued.token for name, issued in tokens.items()},
    )
