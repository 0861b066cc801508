"""Tasks beside the requests: no error ends them, and none is silent."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from services.runtime.background import keep_going


async def test_a_task_that_failed_begins_anew_and_says_so() -> None:
    """Whatever the error was; it ends when it is cancelled, and only then."""
    begun = 0
    working = asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun <= 2:
            raise KeyError("nobody foresaw this")
        working.set()
        await asyncio.Event().wait()

    with capture_logs() as said:
        task = asyncio.create_task(keep_going("work", work, pause_seconds=0))
        await working.wait()
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()
    assert [(each["event"], each["task"]) for each in said] == [("background_task_failed", "work")] * 2
