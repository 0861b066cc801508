"""Giving way: a process that does is weighed less than any other, and what it starts is as it is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SAID = """
import os
from services.runtime.giving_way import GROUP, NICENESS, give_way, work_when_idle
give_way()
there = GROUP.exists() and int(GROUP.read_text().split()[-1]) != NICENESS
print(os.nice(0) == NICENESS, os.sched_getscheduler(0) == os.SCHED_BATCH, not there)
work_when_idle()
print(os.sched_getscheduler(0) == os.SCHED_IDLE)
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="this system has no policy for it")
def test_a_process_with_a_session_of_its_own_gives_way_as_a_process_and_as_a_group() -> None:
    """By its niceness, its policy and its session's weight, which is what counts where the kernel groups sessions."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run(
        [sys.executable, "-c", SAID],
        env=environment,
        start_new_session=True,
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.split() == ["True"] * 4
