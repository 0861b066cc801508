"""Putting a catalog in force: one message on the catalog topic, and the tables that pages and reports read.

Kafka goes first, because what is on the topic is in force; if ClickHouse then fails, applying again is all it takes.
What an earlier document of the same catalog had and this one has not is marked as deleted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from schemas.catalog import Catalog, catalog_from_json, catalog_json
from services.core.meaning.recognition import next_achievements
from services.core.stacks import CompiledCatalog
from services.runtime import topics
from services.runtime.producer import Message, Producer, ProducerSettings

ACHIEVEMENT_COLUMNS = ("achievement_id", "name", "type", "issuer_id", "level", "skills", "version", "is_deleted")
STACK_COLUMNS = ("stack_id", "stack_version", "title", "awards", "level", "document", "version", "is_deleted")
CATALOG_COLUMNS = ("catalog_id", "document", "version")
NEXT_COLUMNS = ("catalog_id", "achievement_id", "next_ids", "version", "is_deleted")
DEADLINE_SECONDS = 15.0


def apply_catalog(
    catalog: CompiledCatalog, *, kafka: str, client: Any, version: int, topic: str = topics.CATALOG
) -> None:
    """Put a catalog in force. `client` is a clickhouse-connect client on Stepwell's database; versions must grow.

    Raises: Unavailable when Kafka or ClickHouse does not answer.
    """
    document = catalog.document
    asyncio.run(_publish(document, kafka, topic))
    before = _known(client, document.id)
    client.insert("catalog_achievements", achievement_rows(document, before, version), column_names=ACHIEVEMENT_COLUMNS)
    client.insert("catalog_stacks", stack_rows(document, before, version), column_names=STACK_COLUMNS)
    client.insert("catalog_next_steps", next_rows(catalog, before, version), column_names=NEXT_COLUMNS)
    client.insert("catalogs", [[document.id, catalog_json(document).decode(), version]], column_names=CATALOG_COLUMNS)


def achievement_rows(document: Catalog, before: Catalog, version: int) -> list[list[Any]]:
    """The rows of `catalog_achievements`: those there are, and a deletion of each there no longer is."""
    rows = [
        [one.id, one.name or one.id, one.type or "", one.issuer or "", _text(one.level), list(one.skills), version, 0]
        for one in document.achievements
    ]
    gone = {one.id for one in before.achievements} - {one.id for one in document.achievements}
    return rows + [[achievement, "", "", "", "", [], version, 1] for achievement in sorted(gone)]


def stack_rows(document: Catalog, before: Catalog, version: int) -> list[list[Any]]:
    """The rows of `catalog_stacks`, likewise."""
    rows: list[list[Any]] = [
        [
            one.id,
            one.version,
            one.title or one.id,
            one.awards or "",
            _text(one.level),
            one.model_dump_json(by_alias=True, exclude_unset=True),
            version,
            0,
        ]
        for one in document.stacks
    ]
    gone = _versions(before.stacks) - _versions(document.stacks)
    return rows + [[stack_id, name, "", "", "", "", version, 1] for stack_id, name in sorted(gone)]


def next_rows(catalog: CompiledCatalog, before: Catalog, version: int) -> list[list[Any]]:
    """The rows of `catalog_next_steps`: what one may go on to from each achievement that counts in a stack here."""
    document = catalog.document
    steps = {one: next_achievements(one, catalog) for one in _achievements(document)}
    rows: list[list[Any]] = [[document.id, one, list(then), version, 0] for one, then in steps.items() if then]
    gone = (_achievements(before) - steps.keys()) | {one for one, then in steps.items() if not then}
    return rows + [[document.id, one, [], version, 1] for one in sorted(gone)]


def _achievements(document: Catalog) -> set[str]:
    """The achievements that a catalog declares or awards."""
    return {one.id for one in document.achievements} | {one.awards for one in document.stacks if one.awards}


def _versions(stacks: Iterable[Any]) -> set[tuple[str, str]]:
    return {(one.id, one.version) for one in stacks}


def _known(client: Any, catalog_id: str) -> Catalog:
    """The catalog of this id as it was applied last; an empty one when it never was, or is of another time."""
    rows = client.query(
        "SELECT document FROM catalogs FINAL WHERE catalog_id = {catalog_id:String}",
        parameters={"catalog_id": catalog_id},
    ).result_rows
    if not rows:
        return Catalog()
    try:
        return catalog_from_json(rows[0][0])
    except ValueError:
        return Catalog()


async def _publish(document: Catalog, kafka: str, topic: str) -> None:
    producer = Producer(ProducerSettings(kafka, is_idempotent=False, client_id="stepwell-catalog"))
    await producer.start()
    try:
        message = Message(topic, document.id.encode(), catalog_json(document), [])
        await producer.publish([message], DEADLINE_SECONDS)
    finally:
        await producer.stop()


def _text(level: int | str | None) -> str:
    return "" if level is None else level if isinstance(level, str) else json.dumps(level)
