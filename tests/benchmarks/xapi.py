"""What a CPU-second of the gateway takes of xAPI, how long one POST takes, and how long one learner's last page.

    python -m tests.benchmarks.xapi [--seconds 4] [--statements 10000000] [--json]

Broker, ClickHouse, gateway and writer run as processes, acknowledged and deciding as they do; load comes from this one.
CPU is the gateway's own. The page is asked among so many statements that ClickHouse made up itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass

import aiohttp

from services.ingest.lrs.terms import agent_key, term
from services.runtime.clickhouse import connect
from tests.benchmarks.ingest import cpu_seconds, statement
from tests.conformance.instance import Instance, instance

GOALS = {"batch of 100": 27_000.0, "batch of 100, own ids": 27_000.0, "one a POST": 305.0}
PAGE_GOAL_MS = 50.0
LEARNERS = 5_000
AGENT = {"account": {"homePage": "https://lms.example.org", "name": "learner-77"}}
MADE_UP = """
INSERT INTO xapi_statements
SELECT
    {tenant:String},
    fromUnixTimestamp64Micro(1700000000000000 + number * 1000),
    reinterpretAsUUID(unhex(hex(MD5(toString(number))))),
    [
        if(number % {learners:UInt64} = 77, {agent:UInt64}, number % {learners:UInt64}),
        {verb:UInt64},
        1000000 + number % 97
    ],
    '00000000-0000-0000-0000-000000000000',
    0,
    concat({start:String}, hex(SHA256(toString(number))), {rest:String}),
    number + 1
FROM numbers({first:UInt64}, {count:UInt64})
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One load: statements a second of the gateway's CPU and of wall time, and the time of a request."""

    name: str
    connections: int
    per_cpu_second: float
    per_second: float
    p50_ms: float
    p99_ms: float


def bodies(size: int, *, own_ids: bool, number: int = 150) -> list[bytes]:
    """Requests, no statement twice."""

    def made(each: int) -> dict[str, object]:
        said = statement(each)
        return {**said, "id": str(uuid.uuid4())} if own_ids else said

    return [json.dumps([made(n * size + each) for each in range(size)]).encode() for n in range(number)]


async def load(at: Instance, name: str, connections: int, seconds: float, sent: Callable[[int], bytes]) -> Result:
    """POST over so many connections for so long."""
    headers = {
        "Authorization": f"Bearer {at.key.token}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": "1.0.3",
    }
    latencies: list[float] = []
    count = 0
    async with aiohttp.ClientSession(at.url, headers=headers) as session:
        started_at, cpu_before = time.perf_counter(), cpu_seconds(at.gateway.pid)

        async def connection(first: int) -> None:
            nonlocal count
            number = first
            while time.perf_counter() - started_at < seconds:
                before = time.perf_counter()
                async with session.post("/xAPI/statements", data=sent(number)) as response:
                    content = await response.read()
                    if response.status != 200:
                        raise RuntimeError(f"{response.status}: {content[:300]!r}")
                latencies.append(time.perf_counter() - before)
                count += content.count(b",") + 1
                number += connections

        await asyncio.gather(*map(connection, range(connections)))
        wall, cpu = time.perf_counter() - started_at, cpu_seconds(at.gateway.pid) - cpu_before
    latencies.sort()
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return Result(name, connections, count / cpu, count / wall, p50, p99)


def make_up(at: Instance, statements: int) -> None:
    """Fill the table with statements of many learners."""
    client = connect(at.clickhouse, "stepwell")
    start, rest = json.dumps(
        {**statement(1), "note": "*", "id": str(uuid.uuid4()), "stored": "2026-01-01T00:00:00.000000Z"}
    ).split("*")
    for first in range(0, statements, 500_000):
        parameters = {
            "tenant": "conformance",
            "learners": LEARNERS,
            "agent": term("agent", agent_key(AGENT)),
            "verb": term("verb", "http://adlnet.gov/expapi/verbs/completed"),
            "start": start,
            "rest": rest,
            "first": first,
            "count": min(500_000, statements - first),
        }
        client.command(MADE_UP, parameters=parameters)
    client.close()


async def page(at: Instance, times: int = 30) -> Result:
    """GET one learner's last hundred statements."""
    headers = {"Authorization": f"Bearer {at.key.token}", "X-Experience-API-Version": "1.0.3"}
    parameters = {"agent": json.dumps(AGENT), "limit": "100"}
    latencies: list[float] = []
    async with aiohttp.ClientSession(at.url, headers=headers) as session:
        for _ in range(times):
            before = time.perf_counter()
            async with session.get("/xAPI/statements", params=parameters) as response:
                found = (await response.json())["statements"]
            latencies.append(time.perf_counter() - before)
            if len(found) != 100:
                raise RuntimeError(f"{len(found)} statements on the page")
    latencies.sort()
    return Result("last 100 of a learner", 1, 0, 0, latencies[times // 2] * 1000, latencies[-1] * 1000)


def measure(at: Instance, seconds: float, statements: int) -> list[Result]:
    """Every load, and then the page."""
    moodle, own = bodies(100, own_ids=False), bodies(100, own_ids=True)
    results = [
        asyncio.run(load(at, "batch of 100", 8, seconds, lambda number: moodle[number % len(moodle)])),
        asyncio.run(load(at, "batch of 100, own ids", 8, seconds, lambda number: own[number % len(own)])),
    ]
    single = bodies(1, own_ids=False, number=3000)
    results.extend(
        asyncio.run(load(at, "one a POST", connections, seconds, lambda number: single[number % len(single)]))
        for connections in (1, 8)
    )
    if statements:
        make_up(at, statements)
        results.append(asyncio.run(page(at)))
    return results


def main() -> int:
    """Measure and print; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options, _ = parser.parse_known_args()
    with instance() as at:
        results = measure(at, options.seconds, options.statements)
    if options.json:
        sys.stdout.write(json.dumps([asdict(each) for each in results]) + "\n")
    else:
        sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")
        for each in results:
            rate = f"{each.per_cpu_second:,.0f} per CPU-second, {each.per_second:,.0f}/s, " if each.per_second else ""
            sys.stdout.write(
                f"{each.name}, {each.connections} at once: {rate}p50 {each.p50_ms:.1f} ms, p99 {each.p99_ms:.1f} ms\n"
            )
    missed = [each for each in results if each.name in GOALS and each.per_cpu_second < GOALS[each.name]]
    return 1 if missed or (options.statements and results[-1].p50_ms > PAGE_GOAL_MS) else 0


if __name__ == "__main__":
    sys.exit(main())
