"""The catalogs in force and what is known of issuers, read anew when they change and compiled once.

Apart from the tenants' queries because neither belongs to anybody: every employer sees the same catalog. A catalog that
no longer compiles together with the others is told once and leaves the last good one in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

import structlog

from schemas.catalog import catalog_from_json
from schemas.registry import Registries
from services.core.stacks import EMPTY, CatalogFaults, CompiledCatalog, compile_catalogs
from services.runtime.clickhouse import Client, unavailable
from services.runtime.registries import load

log = structlog.get_logger(__name__)

FRESH_FOR = timedelta(seconds=5)
_VERSIONS = "SELECT catalog_id, version FROM catalogs FINAL ORDER BY catalog_id"
_DOCUMENTS = "SELECT document FROM catalogs FINAL ORDER BY catalog_id"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """One picture of it."""

    catalog: CompiledCatalog
    registries: Registries


class Catalogs:
    """The newest picture, at most `FRESH_FOR` old. Safe to ask from several threads."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._known = Known(EMPTY, Registries())
        self._versions: object = None
        self._read_at = _NEVER

    def known(self) -> Known:
        """What is in force. Raises: Unavailable when ClickHouse does not answer."""
        with self._lock:
            if self._clock() - self._read_at >= FRESH_FOR:
                self._known = Known(self._catalog(), load(self._client))
                self._read_at = self._clock()
            return self._known

    def _catalog(self) -> CompiledCatalog:
        with unavailable():
            versions = self._client.query(_VERSIONS).result_rows
            if versions == self._versions:
                return self._known.catalog
            documents = self._client.query(_DOCUMENTS).result_rows
        self._versions = versions
        try:
            return compile_catalogs(catalog_from_json(document) for (document,) in documents)
        except (CatalogFaults, ValueError) as fault:
            log.warning("catalogs_do_not_compile", fault=str(fault)[:500])
            return self._known.catalog
