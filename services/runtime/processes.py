"""The supervisor: child processes started in tiers, watched, restarted where that helps, and stopped in reverse order.

One thread of its own starts and watches every child, because the kernel ties a child's life to the thread that started
it (see `children`), and so that a restart needs nobody's attention.

Invariant: when the `with` block is left, however it is left, none of the children runs.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from services.runtime.children import POLL_SECONDS, Child, ChildFailed, spawn

WATCH_SECONDS = 0.1
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.2, 5.0
STEADY_SECONDS = 30.0  # a child that ran this long starts over with the first delay


def at_once() -> bool:
    """Ready as soon as it is started."""
    return True


@dataclass(frozen=True, slots=True)
class Process:
    """What to run, how to see that it is ready, and whether to start it again when it ends by itself."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = at_once
    restarts: bool = False
    grace_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a child; `detail` is for people."""

    process: str
    kind: Literal["started", "ready", "ended", "restarted", "stopped"]
    detail: str = ""


@dataclass(slots=True)
class _Watched:
    process: Process
    child: Child
    started_at: float
    delay_seconds: float = FIRST_DELAY_SECONDS
    restart_at: float | None = None
    gave_up: bool = False


class Supervisor:
    """Owns child processes; use it in a `with` block.

    `logs` is the folder that each child's output goes to, as NAME.log; `on_event` is called from several threads.
    """

    def __init__(self, logs: Path, on_event: Callable[[Event], None] = lambda _: None) -> None:
        self._logs = logs
        self._tell = on_event
        self._tiers: list[list[str]] = []
        self._watched: dict[str, _Watched] = {}
        self._lock = threading.RLock()
        self._orders: queue.Queue[tuple[Process, Future[None]]] = queue.Queue()
        self._refusing, self._closing = threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._keeper.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self, *processes: Process) -> None:
        """Start the processes as one tier, without waiting for any to be ready. Raises: OSError."""
        with self._lock:
            self._tiers.append([process.name for process in processes])
        for process in processes:
            started: Future[None] = Future()
            self._orders.put((process, started))
            started.result()

    def wait_ready(self, names: Iterable[str], timeout_seconds: float) -> None:
        """Return when all of them are ready. Raises: ChildFailed for the first that ended or ran out of time."""
        waiting = set(names)
        deadline = time.monotonic() + timeout_seconds
        while waiting:
            for name in sorted(waiting):
                if self._is_ready(name, deadline):
                    waiting.discard(name)
                    self._tell(Event(name, "ready"))
            if waiting:
                time.sleep(POLL_SECONDS)

    def stop(self, *names: str) -> None:
        """Stop these at the same time, with their groups, each within its grace."""
        with self._lock:
            leaving = [watched for name in names if (watched := self._watched.pop(name, None))]
        if not leaving:
            return
        with ThreadPoolExecutor(len(leaving)) as pool:
            for watched, code in zip(leaving, pool.map(_stop, leaving), strict=True):
                self._tell(Event(watched.process.name, "stopped", f"code {code}"))

    def close(self) -> None:
        """Stop everything, the newest tier first, and the supervisor itself. A second call does nothing."""
        self._refusing.set()
        self._orders.join()  # a start that was under way is known by now
        for tier in reversed(self._tiers):
            self.stop(*tier)
        self._closing.set()
        self._keeper.join()  # not before: the children end with the thread that started them

    def pid(self, name: str) -> int:
        """The process id of a child now; another one after a restart."""
        with self._lock:
            return self._watched[name].child.pid

    def names(self) -> Sequence[str]:
        """The children that should run."""
        with self._lock:
            return tuple(self._watched)

    def failed(self) -> str | None:
        """The name of a child that ended and will not be started again."""
        with self._lock:
            return next((name for name, watched in self._watched.items() if watched.gave_up), None)

    def tail(self, name: str) -> str:
        """The last lines that a child wrote."""
        with self._lock:
            return self._watched[name].child.tail()

    def _is_ready(self, name: str, deadline: float) -> bool:
        with self._lock:
            watched = self._watched.get(name)
        if watched is None:
            raise ChildFailed(name, "was stopped before it was ready", "")
        child = watched.child
        if child.returncode is not None:
            raise ChildFailed(name, f"ended with code {child.returncode} before it was ready", child.tail())
        if watched.process.is_ready():
            return True
        if time.monotonic() > deadline:
            raise ChildFailed(name, "was not ready in time", child.tail())
        return False

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                process, started = self._orders.get(timeout=WATCH_SECONDS)
            except queue.Empty:
                self._look_after_all()
            else:
                self._carry_out(process, started)
                self._orders.task_done()

    def _carry_out(self, process: Process, started: Future[None]) -> None:
        if self._refusing.is_set():
            started.set_exception(ChildFailed(process.name, "was not started: all is stopping", ""))
            return
        try:
            self._spawn(process)
        except OSError as error:
            started.set_exception(error)
        else:
            self._tell(Event(process.name, "started"))
            started.set_result(None)

    def _spawn(self, process: Process) -> None:
        child = spawn(process.name, process.command, self._logs / f"{process.name}.log", process.environment)
        with self._lock:
            self._watched[process.name] = _Watched(process, child, time.monotonic())

    def _look_after_all(self) -> None:
        with self._lock:
            ended = [one for one in self._watched.values() if one.child.returncode is not None and not one.gave_up]
            events = [self._look_after(watched, time.monotonic()) for watched in ended]
        for event in events:  # without the lock: who listens may ask us something
            if event is not None:
                self._tell(event)

    def _look_after(self, watched: _Watched, now: float) -> Event | None:
        process, code = watched.process, watched.child.returncode
        if not process.restarts:
            watched.gave_up = True
            return Event(process.name, "ended", f"code {code}")
        if watched.restart_at is None:
            watched.restart_at = now + _delay(watched, now)
            return Event(process.name, "ended", f"code {code}, to be started again")
        if now < watched.restart_at:
            return None
        watched.child.kill()  # what is left of its group
        delay = min(_delay(watched, now) * 2, LONGEST_DELAY_SECONDS)
        self._spawn(process)
        self._watched[process.name].delay_seconds = delay
        return Event(process.name, "restarted")


def _delay(watched: _Watched, now: float) -> float:
    return FIRST_DELAY_SECONDS if now - watched.started_at > STEADY_SECONDS else watched.delay_seconds


def _stop(watched: _Watched) -> int:
    return watched.child.stop(watched.process.grace_seconds)
