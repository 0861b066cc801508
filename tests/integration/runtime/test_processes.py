"""The supervisor with real processes: what it starts, it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.runtime.children import ChildFailed, spawn
from services.runtime.processes import Event, Process, Supervisor

SLEEPS = "import time; time.sleep(600)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({flag!r}, 'w').close(); time.sleep(600)"
)
POLITE = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); open({flag!r}, 'w'); time.sleep(600)"
PARENT = "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', {code!r}]); time.sleep(600)"
WAIT_SECONDS = 20.0


def _python(name: str, code: str, **options: object) -> Process:
    return Process(name, (sys.executable, "-c", code), **options)  # type: ignore[arg-type]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be so"
        time.sleep(0.02)


def _members(group: int) -> list[int]:
    """The processes of a group that run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, member_of = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(member_of) == group and state != "Z":
            found.append(int(folder.name))
    return found


def test_leaving_the_block_ends_every_child(tmp_path: Path) -> None:
    """Also by an error, and also a child's own children."""

    def fail() -> None:
        with Supervisor(tmp_path) as supervisor:
            supervisor.start(_python("one", SLEEPS), _python("two", PARENT.format(code=SLEEPS)))
            groups.extend(supervisor.pid(name) for name in ("one", "two"))
            _wait_until(lambda: len(_members(groups[1])) == 2)
            raise KeyboardInterrupt

    groups: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        fail()

    assert [_members(group) for group in groups] == [[], []]


def test_a_deaf_child_is_killed_after_its_grace(tmp_path: Path) -> None:
    """One that ignores SIGTERM goes too."""
    flag = tmp_path / "flag"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(
            _python("deaf", DEAF.format(flag=str(flag)), is_ready=flag.exists, grace_seconds=0.2),
        )
        supervisor.wait_ready(["deaf"], WAIT_SECONDS)
        pid = supervisor.pid("deaf")

    assert not _runs(pid)


def test_the_newest_tier_stops_first(tmp_path: Path) -> None:
    """Services go before the brokers that they need."""
    events: list[Event] = []
    with Supervisor(tmp_path, events.append) as supervisor:
        supervisor.start(_python("broker", SLEEPS))
        supervisor.start(_python("service", SLEEPS))

    assert [event.process for event in events if event.kind == "stopped"] == ["service", "broker"]


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    """With a new process id, and it still ends with the block."""
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(_python("worker", SLEEPS, restarts=True))
        first = supervisor.pid("worker")
        os.kill(first, signal.SIGKILL)
        _wait_until(lambda: supervisor.pid("worker") != first)
        second = supervisor.pid("worker")
        assert _runs(second)

    assert not _runs(second)


def test_a_child_that_may_not_restart_is_reported(tmp_path: Path) -> None:
    """The supervisor names it, and keeps what it last wrote."""
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(_python("broker", "print('out of luck'); raise SystemExit(3)"))
        _wait_until(lambda: supervisor.failed() is not None)

        assert supervisor.failed() == "broker"
        assert "out of luck" in supervisor.tail("broker")


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    """A child that ends before it is ready fails the wait with its last words."""
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(_python("service", "raise SystemExit('no such setting')", is_ready=lambda: False))

        with pytest.raises(ChildFailed, match="no such setting") as failed:
            supervisor.wait_ready(["service"], WAIT_SECONDS)

    assert failed.value.name == "service"


def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """Nothing is left behind by a start that the system refuses."""
    with Supervisor(tmp_path) as supervisor, pytest.raises(FileNotFoundError):
        supervisor.start(Process("ghost", ("/no/such/program",)))


def test_children_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    """Kill -9 of the supervisor's own process ends the children all the same."""
    script = (
        "import pathlib, sys, time\n"
        "from services.runtime.processes import Process, Supervisor\n"
        f"supervisor = Supervisor(pathlib.Path({str(tmp_path)!r}))\n"
        f"supervisor.start(Process('child', (sys.executable, '-c', {SLEEPS!r})))\n"
        "print(supervisor.pid('child'), flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _runs(pid)
        parent.kill()

    _wait_until(lambda: not _runs(pid))


def test_a_single_child_is_stopped_with_its_exit_code(tmp_path: Path) -> None:
    """`stop` gives what the child said at its end."""
    flag = tmp_path / "flag"
    child = spawn("polite", [sys.executable, "-c", POLITE.format(flag=str(flag))], tmp_path / "log")
    child.wait_ready(flag.exists, WAIT_SECONDS)

    assert child.stop() == 7
