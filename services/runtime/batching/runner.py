"""Running a Faust app as a process: start, wait, stop; exit code 0 after SIGTERM or SIGINT, 1 after a crash.

In place of Faust's own worker, which takes over logging and standard output and lets the command line turn its web
server on for all interfaces.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from mode import Service

log = structlog.get_logger(__name__)

STOP_SECONDS = 10.0


async def serve(app: Service, *, on_ready: Callable[[], Awaitable[None]] | None = None) -> int:
    """Run the app until a signal or a crash, stop it, and return the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait()) for event in (stop, app._crashed)]
    starting = asyncio.ensure_future(_start(app, on_ready))
    await asyncio.wait({*ends, starting}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is None:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    code = _exit_code(app, starting)
    await _stop(app, [*ends, starting])
    return code


async def _start(app: Service, on_ready: Callable[[], Awaitable[None]] | None) -> None:
    await app.start()
    if on_ready is not None:
        await on_ready()


def _exit_code(app: Service, starting: asyncio.Future[None]) -> int:
    error = app.crash_reason or (starting.exception() if starting.done() else None)
    if error is None:
        return 0
    log.error("worker_crashed", error=repr(error), exc_info=error)
    return 1


async def _stop(app: Service, tasks: list[asyncio.Future[Any]]) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await app.stop()
    except Exception as error:  # noqa: BLE001 - whatever went wrong while stopping, the process ends now
        log.warning("worker_stop_failed", error=repr(error))
    for task in tasks:
        task.cancel()
