"""Trying again until it works: what is read from the log is never given up, it waits, and the partition with it.

That wait is the back-pressure: while a batch is out its partition fetches no further than one batch ahead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from services.runtime.errors import Unavailable
from services.runtime.retry import until_available

log = structlog.get_logger(__name__)

T = TypeVar("T")
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


async def until_done(
    what: str,
    attempt: Callable[[], Awaitable[T]],
    pause: Callable[[float], Awaitable[None]],
    on_retry: Callable[[str], None],
) -> T:
    """What `attempt` returns, once it does not raise `Unavailable`; `pause` waits in between and may end it by raising.

    `what` names the effect for logs and for `on_retry`.
    """

    def waits(error: Unavailable, seconds: float) -> None:
        log.warning("retrying", what=what, error=str(error), pause_seconds=seconds)
        on_retry(what)

    return await until_available(
        attempt, pause, waits, first_seconds=FIRST_PAUSE_SECONDS, longest_seconds=LONGEST_PAUSE_SECONDS
    )
