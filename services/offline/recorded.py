"""What a Stepwell has recorded: its catalogs in force, and workers' records with those of their linked accounts.

Each function raises `Unavailable` when no address is known or nothing answers there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from schemas.catalog import Catalog, catalog_from_json
from schemas.records import Link, Record, record_adapter
from schemas.registry import Registries
from services.core.ids import worker_id_of
from services.runtime import registries as stored
from services.runtime.clickhouse import unavailable
from services.runtime.errors import Unavailable
from services.runtime.where import Where

__all__ = ["Unavailable", "applied_catalogs", "outcomes", "records", "registries"]

CATALOGS = "SELECT document FROM catalogs FINAL ORDER BY catalog_id"
LINKS = "SELECT body FROM records FINAL WHERE kind = 'link' AND body != ''"
ALL = "SELECT body FROM records FINAL WHERE body != ''"
OF_WORKERS = (
    "SELECT body FROM records FINAL WHERE kind != 'link' AND body != '' AND worker_id IN {workers:Array(String)}"
)


def applied_catalogs(where: Where) -> list[Catalog]:
    """The catalogs in force."""
    with unavailable():
        rows = where.connect().query(CATALOGS).result_rows
    return [catalog_from_json(document) for (document,) in rows]


def registries(where: Where) -> Registries:
    """What is known of issuers."""
    return stored.load(where.connect())


def outcomes(where: Where, achievements: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What became of those who set out for each achievement; one of which nothing is known is not there."""
    with unavailable():
        client = where.connect()
        query = (files("services.offline") / "sql" / "outcomes.sql").read_text()
        rows = client.query(query, parameters={"achievements": list(achievements)}).named_results()
        return {row.pop("achievement_id"): row for row in map(dict, rows)}


def records(where: Where, workers: Sequence[str] | None = None) -> list[Record]:
    """The records of workers and of every account that was ever linked to one of them; of all when none is named."""
    with unavailable():
        client = where.connect()
        if workers is None:
            return _records(client.query(ALL).result_rows)
        links = [record for record in _records(client.query(LINKS).result_rows) if isinstance(record, Link)]
        ids = _with_linked(set(workers), links)
        found = _records(client.query(OF_WORKERS, parameters={"workers": sorted(ids)}).result_rows)
    return [*found, *(link for link in links if link.worker_id in ids or worker_id_of(link.account) in ids)]


def _with_linked(ids: set[str], links: Iterable[Link]) -> set[str]:
    """The ids, and those of accounts that lead to one of them over any number of links."""
    known = [(worker_id_of(link.account), link.worker_id) for link in links]
    size = -1
    while size != len(ids):
        size = len(ids)
        ids |= {account for account, target in known if target in ids}
    return ids


def _records(rows: Iterable[Sequence[str]]) -> list[Record]:
    return [record_adapter.validate_json(body) for (body,) in rows]
