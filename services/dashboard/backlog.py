"""What is on the logs and not read yet: records that no page can show, and payloads that are not records yet.

It is looked for beside the requests, as Kafka takes its time. The figures are of the whole Stepwell, not of one
employer, so only their order of magnitude is told: nobody is to count what others send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from services.dashboard.models import Answer
from services.runtime.errors import Unavailable

EVERY_SECONDS: Final = 10.0
"""How often to look."""

Counted = tuple[int, int]
"""Records that the aggregate has not read, and payloads that the inbox has not."""


class Waiting(Answer):
    """How much waits to be read, to one leading digit, and when that was so."""

    records: int
    payloads: int
    counted_at: datetime


class Backlog:
    """What was found last: None before the first look, while Kafka does not answer, and where there is none to ask."""

    def __init__(self, count: Callable[[], Counted], clock: Callable[[], datetime]) -> None:
        self._count = count
        self._clock = clock
        self.waiting: Waiting | None = None

    async def look(self) -> None:
        """Look once, which takes as long as Kafka does."""
        try:
            records, payloads = await asyncio.to_thread(self._count)
        except Unavailable:
            self.waiting = None
        else:
            self.waiting = Waiting(records=about(records), payloads=about(payloads), counted_at=self._clock())


def about(number: int) -> int:
    """A number to its leading digit: 1,742 -> 2,000, 0 -> 0."""
    return round(number, 1 - len(str(number))) if number else 0
