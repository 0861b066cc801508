"""One run of the demo, from nothing to a checked system and back to nothing.

Invariant: however the run ends, by itself, by Ctrl-C or by a fault, none of its processes runs afterwards, and a
temporary home is gone.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

from rich.console import Console

from deploy.demo.catalogs import demo_catalog
from deploy.demo.checking import Checker, Sent
from deploy.demo.cohort import Cohort, Size, cohort
from deploy.demo.losing import losing
from deploy.demo.performance import Disturbance, Performance
from deploy.demo.places import BRIGHTPATH
from deploy.demo.progress import Display
from deploy.demo.reckoning.catalog_files import PlainCatalog, plain_catalog
from deploy.demo.report import Run, print_directions, print_summary
from deploy.demo.sending import Sender
from deploy.demo.stage import Credentials, set_stage
from deploy.demo.watching import Killer, Watch
from deploy.embedded.options import Options
from deploy.embedded.servers import lag
from deploy.embedded.stack import RunningStack, start_stack
from services.runtime.clickhouse import connect
from services.runtime.errors import Conflict

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked for on the command line. `home` None is a temporary folder."""

    once: bool = False
    json: bool = False
    seed: int = 7
    workers: int = 400
    records: int = 10_000
    keep: bool = False
    opens_browser: bool = False
    home: Path | None = None
    aggregates: int = 1
    kills: int = 0
    loses: int = 0


@dataclass(slots=True)
class Stopwatch:
    """Seconds since the command, by the name of what was reached."""

    started_at: float = field(default_factory=time.monotonic)
    timings: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str) -> None:
        """Note the time, once a name."""
        self.timings.setdefault(name, time.monotonic() - self.started_at)


def run_demo(choices: Choices) -> int:
    """Run it; the exit code, 1 when any total differs.

    Raises:
        ChildFailed: a part of the system ended or was not ready in time.
        Conflict: the home folder holds another run's data, which would be counted too.
        Unavailable: Kafka or ClickHouse stopped answering.
        SendingFailed: Stepwell answered what no source can go on from.
        KeyboardInterrupt: Ctrl-C or SIGTERM, after all is stopped.
    """
    watch = Stopwatch()
    texts = demo_catalog()
    catalog = plain_catalog(texts.values())
    with ExitStack() as cleanup:
        cleanup.enter_context(_interruptible())
        _refuse_used(choices.home)
        home = choices.home or Path(cleanup.enter_context(_temporary_home(keep=choices.keep)))
        display = cleanup.enter_context(Display(Console(stderr=True)))
        made, stack = _beginning(choices, catalog, home, display, cleanup)
        watch.mark("system_ready")
        client = cleanup.enter_context(_client(stack))
        credentials = set_stage(client, stack.addresses.kafka, texts)
        watch.mark("stage_set")
        show = Show(choices, made, catalog, stack, credentials, display, watch)
        return asyncio.run(show.run())


@dataclass(slots=True)
class Show:
    """The part of a run that needs a running system."""

    choices: Choices
    cohort: Cohort
    catalog: PlainCatalog
    stack: RunningStack
    credentials: Credentials
    display: Display
    watch: Stopwatch
    killed: list[str] = field(default_factory=list)

    async def run(self) -> int:
        """Send, check, report, and go on live unless it is to end."""
        addresses = self.stack.addresses
        async with Sender(addresses.ingest, addresses.kafka, self.credentials.keys, self.display.sent) as sender:
            lost = losing(self.cohort.history, self.choices.loses)
            performance = Performance(self.cohort, sender, self.watch.mark, lost)
            run = await self._counted(performance)
            self._report(run)
            if not self.choices.once:
                await performance.endless()
        return 0 if run.ok else 1

    async def _counted(self, performance: Performance) -> Run:
        """The part that is checked."""
        self.display.expect(len(self.cohort.history) + self.cohort.live_count)
        with _client(self.stack) as client:
            watch = Watch(client, lambda: self.watch.mark("first_record_queryable"), self.display.queryable)
            disturbances = [self._killer(watch)] * self.choices.kills
            async with watch.running():
                sent = await performance.counted(at_full_speed=self.choices.once, disturbances=disturbances)
                stopped = Event()
                try:
                    return await asyncio.to_thread(self._checked, sent, stopped)
                finally:
                    stopped.set()  # or an interrupted run would wait for the thread

    def _killer(self, watch: Watch) -> Disturbance:
        names = tuple(f"aggregate-{number + 1}" for number in range(self.choices.aggregates))
        killer = Killer(watch, self.stack.pid, names, self._on_kill)
        return lambda: killer.strike(watch.count)

    def _on_kill(self, name: str) -> None:
        self.killed.append(name)
        self.display.say(f"killed {name} with SIGKILL")

    def _checked(self, sent: Sent, stopped: Event) -> Run:
        self.display.say("checking every total")
        with _client(self.stack) as client:
            kafka = self.stack.addresses.kafka
            checker = Checker(client, kafka, self.catalog, lambda: lag(self.stack.options, kafka), stopped)
            lines = tuple(checker.verdict(sent))
        self.watch.mark("checked")
        self.display.settled()
        addresses = self.stack.addresses
        return Run(
            addresses={
                "dashboard": addresses.dashboard,
                "ingest": addresses.ingest,
                "kafka": addresses.kafka,
                "clickhouse": addresses.clickhouse,
                "home": str(self.stack.home),
            },
            tokens=self.credentials.tokens,
            timings=self.watch.timings,
            sizes={"workers": self.choices.workers, "deliveries": len(sent.deliveries)},
            lines=lines,
            killed=tuple(self.killed),
            own_key=self.credentials.keys[BRIGHTPATH.name],
        )

    def _report(self, run: Run) -> None:
        self.display.stop()
        if self.choices.json:
            sys.stdout.write(json.dumps(run.as_json()) + "\n")
            sys.stdout.flush()
            return
        console = Console()
        print_summary(console, run)
        if not self.choices.once:
            print_directions(console, run)
        if self.choices.opens_browser:
            webbrowser.open(run.addresses["dashboard"])


def _refuse_used(home: Path | None) -> None:
    if home is not None and (home / "clickhouse").exists():
        raise Conflict(str(home), "holds the data of another run; name an empty folder, or start it with `stepwell up`")


def _beginning(
    choices: Choices, catalog: PlainCatalog, home: Path, display: Display, cleanup: ExitStack
) -> tuple[Cohort, RunningStack]:
    """The cohort, made while the system starts."""
    size = Size(choices.workers, choices.records)
    now = datetime.now(UTC).replace(microsecond=0)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(cohort, choices.seed, size, catalog, now)
        options = Options(home=home, workers=choices.aggregates, log_level="INFO")
        stack = cleanup.enter_context(start_stack(options, display.event))
        return making.result(), stack


@contextmanager
def _client(stack: RunningStack) -> Iterator[object]:
    client = connect(stack.addresses.clickhouse, stack.options.database)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _temporary_home(*, keep: bool) -> Iterator[str]:
    if keep:
        yield tempfile.mkdtemp(prefix="stepwell-demo-")
        return
    with tempfile.TemporaryDirectory(prefix="stepwell-demo-", ignore_cleanup_errors=True) as folder:
        yield folder


@contextmanager
def _interruptible() -> Iterator[None]:
    """Within, SIGTERM and a closed terminal end the run as Ctrl-C does; once is enough, however often it is pressed."""

    def interrupt(_: int, __: FrameType | None) -> None:
        for one in _INTERRUPTS:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in _INTERRUPTS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
