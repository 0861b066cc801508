"""One batch's work, done for as long as it takes: the partition waits meanwhile, and gets it again where it moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.runtime.batching.batch import Batch, Withdrawn
from services.runtime.errors import Unavailable
from services.runtime.retry import until_available

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


async def take(
    batch: Batch, attempt: Callable[[], Awaitable[None]], on_wait: Callable[[Unavailable, float], None]
) -> None:
    """Do the work of a batch, however long servers take, and complete it; give it up once it is no longer ours.

    `attempt` must be safe to repeat.
    """
    try:
        batch.ensure_wanted()
        await until_available(
            attempt, batch.pause, on_wait, first_seconds=FIRST_PAUSE_SECONDS, longest_seconds=LONGEST_PAUSE_SECONDS
        )
    except Withdrawn:
        batch.abandon()
        return
    batch.complete()
