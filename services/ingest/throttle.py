"""How often a key may ask: so many times within each window of the clock.

Apart from the library that reads the rate (`limits`), because its memory starts a thread every hundredth of a second to
forget, which costs a request more than deciding does. Here a window that is over is forgotten as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import time

from limits import RateLimitItem, parse


class Throttle:
    """Counts in one process. `clock`: seconds."""

    def __init__(self, rate: str, clock: Callable[[], float] = time) -> None:
        """`rate` reads like `100/second`. Raises: ValueError when it does not."""
        self.rate: RateLimitItem = parse(rate)
        self._seconds = self.rate.get_expiry()
        self._clock = clock
        self._window = 0
        self._counts: dict[str, int] = {}

    def wait_of(self, key: str) -> int:
        """Count a request; 0 when it may be made, otherwise for how many seconds it must wait."""
        now = self._clock()
        window = int(now // self._seconds)
        if window != self._window:
            self._window, self._counts = window, {}
        count = self._counts[key] = self._counts.get(key, 0) + 1
        return 0 if count <= self.rate.amount else max(1, ceil((window + 1) * self._seconds - now))
