"""The whole of Stepwell under one supervisor: servers, topics, tables and services, started and stopped in order.

`stepwell up`, the demo and the end-to-end tests all start it here. Whatever the options name an address for (a Kafka,
a ClickHouse) is used as it is; the rest is embedded. Starting goes in tiers: Kafka and ClickHouse side by side, then
topics and tables, then all services at once, while what the embedded broker forgot at its last stop is put back.

Invariant: when `start_stack` raises, or the running stack is closed, nothing of it runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded import servers, services_of
from deploy.embedded.options import Options
from services.runtime import instance
from services.runtime.errors import StepwellError
from services.runtime.instance import Addresses
from services.runtime.processes import Event, Supervisor

READY_SECONDS = 60.0
DRAIN_SECONDS = 15.0
DRAIN_POLL_SECONDS = 0.1


@dataclass(slots=True)
class RunningStack:
    """A Stepwell whose parts are all ready."""

    addresses: Addresses
    options: Options
    supervisor: Supervisor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def home(self) -> Path:
        """The folder of its data, logs and address file."""
        return self.options.home

    def pid(self, name: str) -> int:
        """The process id of a part: kafka, clickhouse, gateway, inbox, verify, aggregate-1 ..., dashboard."""
        return self.supervisor.pid(name)

    def failed(self) -> str | None:
        """The name of a part that ended for good, or None."""
        return self.supervisor.failed()

    def is_drained(self) -> bool:
        """Whether everything that Kafka holds has been aggregated."""
        return servers.lag(self.options, self.addresses.kafka) == 0

    def drain(self, timeout_seconds: float = DRAIN_SECONDS) -> bool:
        """Wait until all that came in is aggregated; False when the time was not enough."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if self.is_drained():
                return True
            time.sleep(DRAIN_POLL_SECONDS)
        return False

    def close(self) -> None:
        """Stop taking records in, let what came in be aggregated, stop the rest. A second call does nothing."""
        self.supervisor.stop("gateway")
        if self.supervisor.names() and self.failed() is None:
            with suppress(StepwellError):  # a Kafka that is gone cannot be drained
                self.drain()
        self.supervisor.close()
        instance.remove(self.home)


def start_stack(options: Options, on_event: Callable[[Event], None] = lambda _: None) -> RunningStack:
    """Start everything and return when all of it is ready; call it from a thread that outlives the stack.

    Raises: ChildFailed when a part ends or is not ready in time; Unavailable when a given server does not answer;
    Conflict when its tables are newer than this Stepwell.
    """
    supervisor = Supervisor(options.home / "logs", on_event)
    try:
        addresses = _start(supervisor, options, on_event)
    except BaseException:
        supervisor.close()
        raise
    instance.save(options.home, addresses)
    return RunningStack(addresses, options, supervisor)


def _start(supervisor: Supervisor, options: Options, tell: Callable[[Event], None]) -> Addresses:
    kafka, clickhouse = servers.start(supervisor, options)
    pool = ThreadPoolExecutor(2)
    topics = pool.submit(servers.prepare_topics, supervisor, options, kafka)
    tables = pool.submit(servers.prepare_tables, supervisor, options, clickhouse)
    pool.shutdown(wait=False)  # so that a signal need not wait for them: they end when the supervisor closes
    created = topics.result()
    tables.result()
    tell(Event("topics", "ready"))
    tell(Event("tables", "ready"))
    has_memories = servers.begin_log(options, clickhouse, created)
    services = services_of.plan(options, kafka, clickhouse)
    supervisor.start(*services.processes)
    if has_memories:
        tell(Event("replay", "ready", f"{servers.put_back(options, kafka, clickhouse)} records put back"))
    supervisor.wait_ready([process.name for process in services.processes], READY_SECONDS)
    return Addresses(services.ingest, services.dashboard, kafka, clickhouse)
