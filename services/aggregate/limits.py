"""When refusals are the rule: a bad deploy must stop the worker, not empty the log into the rejected topic.

After getsentry/arroyo's DlqLimit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from services.runtime.errors import Bug


class TooManyRefused(Bug):
    """More of the latest records of a partition were refused than the limit allows."""

    def __init__(self, refused: int, seen: int) -> None:
        self.refused = refused
        self.seen = seen
        super().__init__(
            f"{refused} of the last {seen} records could not be processed: stopping before more are refused"
        )


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """At most this share of the last `window` records, counted once there are as many."""

    max_ratio: float
    window: int


class RefusalWatch:
    """Counts one partition's records, batch by batch."""

    def __init__(self, rule: RefusalRule) -> None:
        self._rule = rule
        self._batches: deque[tuple[int, int]] = deque()
        self._seen = 0
        self._refused = 0

    def note(self, seen: int, refused: int) -> None:
        """Take in a batch of so many records.

        Raises: TooManyRefused.
        """
        self._batches.append((seen, refused))
        self._seen += seen
        self._refused += refused
        while self._seen - self._batches[0][0] >= self._rule.window:
            old_seen, old_refused = self._batches.popleft()
            self._seen -= old_seen
            self._refused -= old_refused
        if self._seen >= self._rule.window and self._refused > self._rule.max_ratio * self._seen:
            raise TooManyRefused(self._refused, self._seen)
