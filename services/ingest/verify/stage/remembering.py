"""Fetching for many credentials: each address once in a while, whether it answered or not.

Ten thousand credentials of one issuer ask it for one document and one list; one whose host is gone waits for it once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.ingest.verify.fetching import Fetch, Unreachable

MOST = 500


@dataclass(slots=True, eq=False)
class Remembering:
    """Fetches an address again only after `seconds`; `clock` counts them."""

    fetch: Fetch
    seconds: float
    clock: Callable[[], float]
    _had: dict[str, tuple[float, bytes | Unreachable]] = field(default_factory=dict)

    def __call__(self, url: str) -> bytes:
        """The bytes at an address. Raises: Unreachable."""
        known = self._had.get(url)
        if known is None or known[0] < self.clock() - self.seconds:
            known = self._had[url] = (self.clock(), self._asked(url))
        if isinstance(known[1], Unreachable):
            raise known[1]
        return known[1]

    def forget(self) -> None:
        """Fetch everything anew from now on."""
        self._had.clear()

    def _asked(self, url: str) -> bytes | Unreachable:
        if len(self._had) >= MOST:
            self._had.clear()
        try:
            return self.fetch(url)
        except Unreachable as error:
            return error
