"""Suspending a process, as a machine that swaps or a pause of its collector does."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.builders.waiting import wait_until


def suspend(pid: int) -> None:
    """Suspend a process, and return when none of its threads runs any more.

    The kernel stops them when the first of them is scheduled: until then, on a busy machine, the others go on.
    """
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: all(_state(thread) == "T" for thread in Path(f"/proc/{pid}/task").iterdir()))


def resume(pid: int) -> None:
    """Let it go on."""
    os.kill(pid, signal.SIGCONT)


def _state(thread: Path) -> str:
    """The letter after the name, which may hold anything but ends with the last bracket."""
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]
