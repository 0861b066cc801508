"""The catalog in force: follows `stepwell.catalog.v1`, compiles what is there, keeps the last that compiles.

Each message is a whole catalog under its id; all of them together are one document. What does not compile (it should
have been checked before it was applied) is not put in force but logged: a registrar's slip stops nobody's records.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping

import structlog
from pydantic import ValidationError

from schemas.catalog import Catalog
from services.core.stacks import EMPTY, CatalogFaults, CompiledCatalog, compile_catalogs
from services.runtime.follower import Update

log = structlog.get_logger(__name__)

DIGEST_BYTES = 16


class CatalogInForce:
    """The compiled catalog, its digest, and whether it has been read for the first time."""

    def __init__(self) -> None:
        self.compiled: CompiledCatalog = EMPTY
        self.digest = b""
        self.is_read = asyncio.Event()
        self._texts: dict[bytes, bytes] = {}

    async def follow(self, updates: AsyncIterator[Update]) -> None:
        """Take in updates for as long as they come."""
        async for update in updates:
            self.take(update)

    def take(self, update: Update) -> None:
        """Take in one update; compiles only once all that was on the topic has been read."""
        for key, text in update.entries.items():
            if text is None:
                self._texts.pop(key, None)
            else:
                self._texts[key] = text
        if update.is_complete:
            self._compile()
            self.is_read.set()

    def _compile(self) -> None:
        digest = _digest(self._texts)
        if digest == self.digest:
            return
        try:
            self.compiled = compile_catalogs(self._readable())
        except CatalogFaults as error:
            log.warning("catalog_refused", faults=[str(fault) for fault in error.faults[:20]])
            return
        self.digest = digest
        log.info("catalog_in_force", catalogs=len(self._texts), stacks=len(self.compiled.stacks))

    def _readable(self) -> list[Catalog]:
        catalogs = []
        for key in sorted(self._texts):
            try:
                catalogs.append(Catalog.model_validate_json(self._texts[key]))
            except ValidationError as error:
                log.warning("catalog_unreadable", catalog_id=key.decode("utf-8", "replace"), error=str(error))
        return catalogs


def _digest(texts: Mapping[bytes, bytes]) -> bytes:
    """What tells one set of catalogs from another. Never change how it is made: every worker would be re-evaluated."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for key in sorted(texts):
        digest.update(len(key).to_bytes(4, "big") + key + len(texts[key]).to_bytes(4, "big") + texts[key])
    return digest.digest()
