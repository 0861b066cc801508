"""The performance: history as fast as it goes, then what happens live, all of it remembered for the reckoning."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, zip_longest

from deploy.demo.checking import Sent
from deploy.demo.cohort import Cohort
from deploy.demo.delivery import Delivery
from deploy.demo.sending import Sender

TICK_SECONDS = 0.25
LIVE_PER_SECOND = 12
ENDLESS_PER_SECOND = 6
Disturbance = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Performance:
    """A cohort sent to a running Stepwell. `mark` is told each timing's name as it is reached."""

    cohort: Cohort
    sender: Sender
    mark: Callable[[str], None]
    lost: Callable[[Delivery], bool]
    """What is reckoned but never sent, to see the check fail."""
    deliveries: list[Delivery] = field(default_factory=list)
    _live: Iterator[Delivery] = field(init=False)

    def __post_init__(self) -> None:
        self._live = self.cohort.live(_clock())

    async def counted(self, *, at_full_speed: bool, disturbances: Sequence[Disturbance] = ()) -> Sent:
        """Send the history and the counted part of what is live; the answer is all that the check needs.

        The history comes in equal parts with a disturbance after each but the last: it is begun before the part is
        sent, and finished after it.
        """
        parts = _parts(self.cohort.history, len(disturbances) + 1)
        for part, disturbance in zip_longest(parts, disturbances):
            disturb = disturbance() if disturbance else None
            await self._send(part)
            if disturb:
                await disturb
        self.mark("history_sent")
        if at_full_speed:
            await self._send(islice(self._live, self.cohort.live_count))
        else:
            await self._paced(LIVE_PER_SECOND, self.cohort.live_count)
        self.mark("live_sent")
        return Sent(self.deliveries, self.sender.refused, self.sender.refused_requests)

    async def endless(self) -> None:
        """Go on with what happens live until cancelled."""
        await self._paced(ENDLESS_PER_SECOND)

    async def _paced(self, per_second: int, limit: int | None = None) -> None:
        """Send at about that pace, `limit` deliveries or for ever; after a slow answer it does not rush."""
        left = limit
        while left is None or left > 0:
            started = time.monotonic()
            chosen = list(islice(self._live, min(int(per_second * TICK_SECONDS), left or per_second)))
            await self._send(chosen)
            left = None if left is None else left - len(chosen)
            await asyncio.sleep(max(0.0, TICK_SECONDS - (time.monotonic() - started)))

    async def _send(self, deliveries: Iterable[Delivery]) -> None:
        chosen = list(deliveries)
        self.deliveries.extend(chosen)
        await self.sender.send(one for one in chosen if not self.lost(one))


def _parts(history: Sequence[Delivery], number: int) -> list[Sequence[Delivery]]:
    size = -(-len(history) // number)
    return [history[start : start + size] for start in range(0, len(history), size)]


def _clock() -> Iterator[datetime]:
    """The moments at which it is asked, in whole seconds, as LMSs write them."""
    while True:
        yield datetime.now(UTC).replace(microsecond=0)
