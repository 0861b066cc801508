"""One child process: started so that it cannot outlive us, stopped so that nothing of it is left.

Apart from the supervisor because the embedded broker, the test fixtures and the benchmarks need a single child and
none of the watching. Every child leads a process group of its own: Ctrl-C in a terminal reaches only us, and we stop
the children in the order that loses nothing. On Linux the kernel signals a child when the thread that started it ends
(PR_SET_PDEATHSIG), so start children from a thread that lives as long as they should.

Invariant: after `stop` no process of the child's group runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05
LARGEST_LOG_BYTES = 16 << 20


class ChildFailed(RuntimeError):
    """A child ended, or was not ready in time; `tail` holds the last lines it wrote."""

    def __init__(self, name: str, reason: str, tail: str) -> None:
        super().__init__(f"{name} {reason}" + (f"; it last wrote:\n{tail}" if tail else ""))
        self.name = name
        self.reason = reason
        self.tail = tail


@dataclass(slots=True)
class Child:
    """A started process; `log` is the file that its output goes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """The process id, which is the id of its group too."""
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll()

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def wait_ready(self, is_ready: Callable[[], bool], timeout_seconds: float) -> None:
        """Return when `is_ready` says so.

        Raises: ChildFailed when the child ends first or the time is up.
        """
        deadline = time.monotonic() + timeout_seconds
        while not is_ready():
            if self.returncode is not None:
                raise ChildFailed(self.name, f"ended with code {self.returncode} before it was ready", self.tail())
            if time.monotonic() > deadline:
                raise ChildFailed(self.name, f"was not ready within {timeout_seconds:g} s", self.tail())
            time.sleep(POLL_SECONDS)

    def stop(self, grace_seconds: float = 5.0) -> int:
        """Ask the child to end, make its whole group end, and return its exit code."""
        if self.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(grace_seconds)
        self._kill_group()
        return self.process.wait()

    def kill(self) -> None:
        """End the child's whole group at once, with no chance to clean up."""
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def spawn(name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Child:
    """Start `command` with its output appended to `log`; `environment` is added to ours."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - it calls two functions that are loaded already
        )
    return Child(name, process, log)


def _end_with(parent: int) -> Callable[[], None] | None:
    """What a child runs before its program: have the kernel send SIGTERM when the parent goes (Linux alone can)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # loaded here: after the fork nothing may be imported

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent went between the fork and the line above
            os._exit(1)

    return arm
