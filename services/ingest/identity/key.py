"""The key in force: asked for by every payload, and looked for anew now and then, as it may be changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from threading import Lock

import structlog

from services.runtime.background import keep_going
from services.runtime.errors import Unavailable
from services.runtime.identity import IdentityKey

log = structlog.get_logger(__name__)
EVERY_SECONDS = 10.0
"""How long a service may take to hear of another key; whoever changes it waits longer."""


class KeyInForce:
    """Holds the key once `load` told it. Safe to call from several threads."""

    def __init__(self, load: Callable[[], IdentityKey]) -> None:
        self._load = load
        self._key: IdentityKey | None = None
        self._lock = Lock()

    def __call__(self) -> IdentityKey:
        """The key.

        Raises: Unavailable while nobody can tell it.
        """
        if self._key is not None:
            return self._key
        with self._lock:
            found = self._key
            if found is None:
                found = self._key = self._load()
            return found

    def refresh(self) -> None:
        """Look for it anew. Raises: Unavailable; then it stays the one that it was."""
        self._key = self._load()


@asynccontextmanager
async def watched(key: KeyInForce) -> AsyncIterator[None]:
    """While entered, the key is looked for anew every few seconds."""
    looking = asyncio.create_task(keep_going("identity key", partial(_look, key)))
    try:
        yield
    finally:
        looking.cancel()


async def _look(key: KeyInForce) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await asyncio.to_thread(key.refresh)
        except Unavailable as error:
            log.info("identity_key_not_looked_for", detail=str(error))
