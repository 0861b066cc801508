"""How a process gives way to the others of its machine: by the scheduler's policy where there is one, else by niceness.

Apart because who gives way decides nothing else: a process calls one of these once, when it begins. Its children begin
as it is. A process with a session of its own is weighed as a group first where the kernel groups sessions, and there
its own niceness means nothing to others: so the group gives way, too. Source: sched(7), autogroup, SCHED_IDLE.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

NICENESS = 10
"""A tenth of what others get while they leave nothing over: enough to start, stop and keep in touch."""
GROUP = Path("/proc/self/autogroup")
"""Where the niceness of the session's group is set, on Linux."""


def give_way() -> None:
    """Work behind others, and never push one aside; but often enough to stay in touch with servers.

    Only for a process that has its session to itself: whatever else is of the session gives way with it.
    """
    with suppress(OSError):
        os.nice(NICENESS - os.nice(0))
    with suppress(OSError):
        GROUP.write_text(str(NICENESS))
    _schedule("SCHED_BATCH")


def work_when_idle() -> None:
    """Work only while nobody else would, but for a crumb of time that keeps it from standing still."""
    _schedule("SCHED_IDLE")


def _schedule(policy: str) -> None:
    """Take on a policy, where the system has it and lets us."""
    known = getattr(os, policy, None)
    if known is not None:
        with suppress(OSError):
            os.sched_setscheduler(0, known, os.sched_param(0))
