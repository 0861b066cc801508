"""Log-in attempts: a limit for each address, so that guessing tokens is slow and noisy."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.dashboard.errors import TooMany


class Attempts:
    """Counts attempts of the last minute by address, in memory: each process has its own count."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def note(self, address: str) -> None:
        """One attempt more. Raises: TooMany when the address has used up its minute."""
        if not self._window.hit(self._limit, address):
            raise TooMany("too_many_attempts", "Too many attempts from your address. Wait a minute.")
