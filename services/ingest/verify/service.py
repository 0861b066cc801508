"""Verification as the gateway offers it: registries kept at hand, keys that were seen noted, few checks at once.

A check may fetch and may compute for a second, so checks run in threads; who waits too long is told to come back.
Records are never held up by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from schemas.registry import KnownKey
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Fetch
from services.ingest.verify.verifier import Verified, Verifier
from services.runtime.errors import Unavailable

AT_ONCE = 2
PATIENCE_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class Verifying:
    """Verifies for many, with the registries of the running Stepwell."""

    fetch: Fetch
    registries: AtHand
    note: Callable[[tuple[KnownKey, ...]], None]
    clock: Callable[[], datetime]
    canonicaliser: Canonicaliser = field(default_factory=Canonicaliser)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def verify(self, payload: bytes, subjects: frozenset[str] = frozenset()) -> Verified:
        """The answers about a credential, now; `subjects` are the ids of the worker whom it was shown for.

        Raises: Rejected when it is none; Unavailable when too many wait.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise Unavailable("verifier", "too many credentials are being verified", retry_after_seconds=5) from error
        try:
            return await asyncio.to_thread(self._verify, payload, subjects)
        finally:
            self._turns.release()

    def close(self) -> None:
        """End what was started."""
        self.canonicaliser.close()

    def _verify(self, payload: bytes, subjects: frozenset[str]) -> Verified:
        now = self.clock()
        verified = Verifier(self.fetch, self.canonicaliser, self.registries.at(now)).verify(payload, now, subjects)
        if verified.seen:
            with suppress(Unavailable):  # the same keys are seen again next time
                self.note(verified.seen)
        return verified
