"""Running a Faust app as a process: start, wait, stop; exit code 0 after SIGTERM or SIGINT, 1 after a crash.

In place of Faust's own worker, which takes over logging and standard output and lets the command line turn its web
server on for all interfaces.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog
from mode import Service

log = structlog.get_logger(__name__)

T = TypeVar("T")
STOP_SECONDS = 4.0
CANCEL_AGAIN_SECONDS = 0.5
LAST_SECONDS = 1.0
"""What remains for the loop and its threads to end by themselves; then the process is ended."""


class Stopped(Exception):
    """The process was asked to stop."""


class StopSignal:
    """SIGTERM and SIGINT as something to wait for, from the moment that it is made, within a running loop."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked.set)

    async def wait(self) -> None:
        """Return when the process is asked to stop."""
        await self._asked.wait()

    async def unless_asked(self, work: Awaitable[T]) -> T:
        """What `work` gives; it is cancelled when the process is asked to stop first.

        Raises: Stopped.
        """
        task, asked = asyncio.ensure_future(work), asyncio.ensure_future(self.wait())
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if task.done():
            return task.result()
        while not task.done():  # Kafka's client may swallow a cancellation and go on
            task.cancel()
            await asyncio.wait({task}, timeout=CANCEL_AGAIN_SECONDS)
        raise Stopped


async def serve(app: Service, stop: StopSignal | None = None) -> int:
    """Run the app until the process is asked to stop or the app crashes, stop it, and return the exit code."""
    stop = stop or StopSignal()
    starting = asyncio.ensure_future(app.start())
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(app._crashed.wait())]
    await asyncio.wait({*ends, starting}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is None:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    code = _exit_code(app, starting)
    _end_within(STOP_SECONDS + LAST_SECONDS, code)
    await _stop(app, [*ends, starting])
    return code


def _end_within(seconds: float, code: int) -> None:
    """See to it that the process ends, whatever hangs: a supervisor waits to start the next."""
    last_resort = threading.Timer(seconds, os._exit, [code])
    last_resort.daemon = True
    last_resort.start()


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
