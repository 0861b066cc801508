"""Tasks beside the requests of a service: they end when the service does, and never in silence.

An error that nobody foresaw is told with its traceback, and the task begins anew: what it feeds is stale meanwhile, and
says so by its own means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 1.0


async def keep_going(name: str, run: Callable[[], Awaitable[None]], pause_seconds: float = PAUSE_SECONDS) -> None:
    """Run for ever, again after each end and each error."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("background_task_failed", task=name)
        await asyncio.sleep(pause_seconds)
