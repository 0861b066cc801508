"""`stepwell up`: run everything until stopped; `stepwell doctor`: say what this machine lacks for it."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from types import FrameType

    from deploy.embedded.stack import RunningStack
    from services.runtime.processes import Event

WATCH_SECONDS = 0.5


def up(
    *,
    kafka: str | None = None,
    embedded: Annotated[bool, Parameter(env_var="STEPWELL_EMBEDDED", negative="")] = False,
    clickhouse: str | None = None,
    home: Annotated[Path, Parameter(env_var="STEPWELL_HOME")] = Path(".stepwell"),
    database: Annotated[str, Parameter(env_var="STEPWELL_DATABASE")] = "stepwell",
    topic_prefix: Annotated[str, Parameter(env_var="STEPWELL_TOPIC_PREFIX")] = "",
    workers: int = 1,
    store: str = "memory",
    port_ingest: int = 0,
    port_dashboard: int = 0,
    port_kafka: int = 0,
    port_clickhouse: int = 0,
    json_output: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Run Stepwell until Ctrl-C or SIGTERM, then stop it in an order that loses nothing.

    Parameters
    ----------
    kafka
        host:port of a Kafka that exists; without it an embedded broker runs, whose log is put back from ClickHouse.
    embedded
        The Kafka given is an embedded broker that something else started.
    clickhouse
        http(s)://[user:password@]host:port of a server that exists; without it an embedded one runs.
    home
        Folder of the embedded ClickHouse's data, of the logs and of the address file that other commands read.
    database
        The ClickHouse database that holds Stepwell's tables.
    topic_prefix
        Put before the names of topics and consumer groups, so that several Stepwells can share one Kafka.
    workers
        How many aggregate workers share the records.
    store
        Where an aggregate worker keeps its state between batches: memory or rocksdb.
    port_ingest
        The gateway's port; 0 is any free one, as for the other three.
    port_dashboard
        The dashboard's port.
    port_kafka
        The embedded broker's port.
    port_clickhouse
        The embedded ClickHouse's port.
    json_output
        When all is ready print exactly one line of JSON: ingest, dashboard, kafka, clickhouse.
    """
    from deploy.embedded.options import Options
    from deploy.embedded.stack import start_stack
    from services.runtime.children import ChildFailed
    from services.runtime.errors import StepwellError

    if store not in ("memory", "rocksdb"):
        sys.exit(f"stepwell up: --store is memory or rocksdb, not {store}")
    options = Options(
        home=home,
        kafka=kafka,
        kafka_is_tansu=embedded,
        clickhouse=clickhouse,
        database=database,
        topic_prefix=topic_prefix,
        workers=workers,
        store="rocksdb" if store == "rocksdb" else "memory",
        ingest_port=port_ingest,
        dashboard_port=port_dashboard,
        kafka_port=port_kafka,
        clickhouse_port=port_clickhouse,
    )
    stopping = _stop_on_signals()
    try:
        with start_stack(options, _narrator(quiet=json_output)) as stack:
            print(stack.addresses.line() if json_output else _welcome(stack), flush=True)
            failed = _wait(stack, stopping)
    except _Stopped:
        return
    except (ChildFailed, StepwellError, OSError) as error:
        sys.exit(f"stepwell up: {error}")
    if failed:
        sys.exit(f"stepwell up: {failed}")


class _Stopped(BaseException):
    """Raised in the main thread by the first signal, so that whatever it does is left cleanly."""


def _stop_on_signals() -> threading.Event:
    """Let the first SIGINT or SIGTERM stop us, and the later ones change nothing: the stop is bounded."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopping


def _wait(stack: RunningStack, stopping: threading.Event) -> str:
    """What failed for good, or '' when we were told to stop."""
    try:
        while not stopping.is_set():
            if name := stack.failed():
                return f"{name} ended:\n{stack.supervisor.tail(name)}"
            stopping.wait(WATCH_SECONDS)
    except _Stopped:
        pass
    return ""


def _narrator(*, quiet: bool) -> Callable[[Event], None]:
    """Tells on stderr what happens, with the seconds since the start; quiet ones tell only what went wrong."""
    started = time.monotonic()

    def tell(event: Event) -> None:
        if not quiet or event.kind in ("ended", "restarted"):
            after = time.monotonic() - started
            print(f"{after:6.1f} s  {event.process} {event.kind} {event.detail}".rstrip(), file=sys.stderr, flush=True)

    return tell


def _welcome(stack: RunningStack) -> str:
    addresses = stack.addresses
    return "\n".join(
        [
            "Stepwell runs. Ctrl-C stops it.",
            f"  dashboard    {addresses.dashboard}",
            f"  ingest       {addresses.ingest}",
            f"  Kafka        {addresses.kafka}",
            f"  ClickHouse   {addresses.clickhouse}",
            f"  logs         {stack.home / 'logs'}",
            "Next: `stepwell source add NAME` for a key to send records with, `stepwell employer add ID` for a log-in.",
        ]
    )


def doctor(*, json_output: Annotated[bool, Parameter(name="--json", negative="")] = False) -> None:
    """Say what this machine lacks to run Stepwell or its tests, and how to cure it; exits 1 when something is missing.

    Parameters
    ----------
    json_output
        One line of JSON: a list of {"name", "ok", "required", "found", "cure"}.
    """
    from deploy.embedded.doctor import examine
    from services.runtime.instance import home_of

    checks = examine(home_of())
    if json_output:
        print(json.dumps([asdict(check) for check in checks]))
    else:
        for check in checks:
            print(check.line())
    if any(check.required and not check.ok for check in checks):
        sys.exit(1)
