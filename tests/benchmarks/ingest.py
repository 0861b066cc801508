"""What a CPU-second of the gateway takes in: real processes, real acknowledgements, validation on.

    python -m tests.benchmarks.ingest [--seconds 5] [--connections 8] [--json]

The embedded broker, the embedded ClickHouse (for the API key) and one gateway run as processes; load comes from this
one. CPU is the gateway's own, user and system, read before and after. Figures of a loaded machine vary: compare ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from deploy.clickhouse.migrations import migrate
from deploy.embedded import kafka
from deploy.embedded.clickhouse import start as clickhouse
from services.runtime.children import spawn
from services.runtime.clickhouse import connect
from services.runtime.kafka_admin import apply_topics
from services.runtime.keys import IssuedKey, issue
from services.runtime.ports import LOOPBACK, accepts, free_port

GOALS = {"native records, batches of 100": 10_000, "xAPI statements, batches of 100": 2_700, "xAPI, one a POST": 305}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Result:
    """One load: items a second of wall time and of the gateway's CPU, and the request latency in milliseconds."""

    name: str
    connections: int
    items: int
    per_second: float
    per_cpu_second: float
    p50_ms: float
    p99_ms: float
    goal: float


@dataclass(frozen=True, slots=True)
class Load:
    """What is posted: to which path, how many items at once, and a body for each number."""

    name: str
    path: str
    items: int
    body: Callable[[int], bytes]


def record(number: int) -> dict[str, Any]:
    """One native record as an LMS would send it; 5,000 workers, no two records alike."""
    return {
        "kind": "completion",
        "occurred_at": _instant(number),
        "account": {"account": {"homePage": "https://lms.example.org", "name": f"learner-{number % 5000}"}},
        "achievement": {"id": f"https://lms.example.org/course/{number % 97}", "name": "Networks I", "type": "course"},
        "success": True,
        "score": {"scaled": 0.82, "raw": 82, "min": 0, "max": 100},
        "credits": {"value": 3, "unit": "semester_hour"},
        "attempt_id": str(number),
    }


def statement(number: int) -> dict[str, Any]:
    """One xAPI statement with about what Moodle's plugin puts in: context, extensions, no id."""
    site = {"id": "https://lms.example.org", "definition": {"type": "http://id.tincanapi.com/activitytype/lms"}}
    return {
        "actor": {
            "name": "A Learner",
            "account": {"homePage": "https://lms.example.org", "name": f"learner-{number % 5000}"},
        },
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
        "object": {
            "id": f"https://lms.example.org/course/view.php?id={number % 97}",
            "definition": {
                "type": "https://w3id.org/xapi/cmi5/activitytype/course",
                "name": {"en": "Networks I"},
                "description": {"en": "From cables to routing."},
            },
        },
        "result": {"score": {"scaled": 0.82, "raw": 82, "min": 0, "max": 100}, "success": True, "completion": True},
        "context": {
            "registration": str(uuid.UUID(int=number)),
            "platform": "Moodle",
            "language": "en",
            "contextActivities": {"grouping": [site], "category": [site]},
            "extensions": {"http://lrs.learninglocker.net/define/extensions/info": {"http://moodle.org": "5.1"}},
        },
        "timestamp": _instant(number),
    }


def _instant(number: int) -> str:
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"2026-01-{days % 28 + 1:02}T{hours:02}:{minutes:02}:{seconds:02}Z"


def _batch(make: Callable[[int], dict[str, Any]], size: int) -> Callable[[int], bytes]:
    return lambda number: json.dumps([make(number * size + each) for each in range(size)]).encode()


LOADS = (
    Load("native records, batches of 100", "/v1/records", 100, _batch(record, 100)),
    Load("xAPI statements, batches of 100", "/xAPI/statements", 100, _batch(statement, 100)),
    Load("xAPI, one a POST", "/xAPI/statements", 1, lambda number: json.dumps(statement(number)).encode()),
)


@contextmanager
def gateway() -> Iterator[tuple[str, int, IssuedKey]]:
    """A gateway on fresh servers: its URL, its process id, and a key for it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        home = Path(folder)
        broker, bootstrap = kafka.start(home / "kafka.log")
        started.callback(broker.stop)
        store, url = clickhouse.start(home / "data", home / "clickhouse.log")
        started.callback(store.stop)
        migrate(url, "stepwell")
        apply_topics(bootstrap)
        port = free_port()
        environment = {
            "STEPWELL_KAFKA": bootstrap,
            "STEPWELL_EMBEDDED": "1",
            "STEPWELL_CLICKHOUSE": url,
            "STEPWELL_PORT": str(port),
            "STEPWELL_RATE_LIMIT": "1000000/second",
        }
        child = spawn(
            "gateway", (sys.executable, "-m", "services.ingest"), home / "gateway.log", environment=environment
        )
        started.callback(child.stop)
        child.wait_ready(partial(accepts, port), 30)
        yield f"http://{LOOPBACK}:{port}", child.pid, issue(connect(url, "stepwell"), "source", "bench")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(load: Load, url: str, pid: int, key: IssuedKey, connections: int, seconds: float) -> Result:
    """Post the load over so many connections for so long."""
    bodies = [load.body(number) for number in range(200 if load.items > 1 else 2000)]
    headers = {
        "Authorization": f"Bearer {key.token}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": "1.0.3",
    }
    latencies: list[float] = []
    async with aiohttp.ClientSession(url, headers=headers) as session:
        await _post(session, load.path, bodies[0])
        started_at, cpu_before = time.perf_counter(), cpu_seconds(pid)

        async def connection(first: int) -> None:
            number = first
            while time.perf_counter() - started_at < seconds:
                before = time.perf_counter()
                await _post(session, load.path, bodies[number % len(bodies)])
                latencies.append(time.perf_counter() - before)
                number += connections

        await asyncio.gather(*(connection(first) for first in range(connections)))
        wall, cpu = time.perf_counter() - started_at, cpu_seconds(pid) - cpu_before
    items = len(latencies) * load.items
    latencies.sort()
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return Result(load.name, connections, items, items / wall, items / cpu, p50, p99, GOALS[load.name])


async def _post(session: aiohttp.ClientSession, path: str, body: bytes) -> None:
    async with session.post(path, data=body) as response:
        content = await response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {content[:300]!r}")


def main() -> None:
    """Run every load and print what came out; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with gateway() as (url, pid, key):
        results = [asyncio.run(measure(load, url, pid, key, options.connections, options.seconds)) for load in LOADS]
    if options.json:
        sys.stdout.write(
            json.dumps({"load": os.getloadavg()[0], "results": [asdict(result) for result in results]}) + "\n"
        )
    else:
        sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")
        for result in results:
            sys.stdout.write(
                f"{result.name}: {result.per_cpu_second:,.0f} per CPU-second (goal {result.goal:,.0f}), "
                f"{result.per_second:,.0f}/s, p50 {result.p50_ms:.1f} ms, p99 {result.p99_ms:.1f} ms\n"
            )
    sys.exit(any(result.per_cpu_second < result.goal for result in results))


if __name__ == "__main__":
    main()
