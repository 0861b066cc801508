"""Waiting for something that another thread or process does, with a deadline that only a failure meets."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], timeout_seconds: float = 60) -> None:
    """Return when it holds; fail when the time is up."""
    deadline = time.monotonic() + timeout_seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)
