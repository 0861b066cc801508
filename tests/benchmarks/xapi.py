"""What a CPU-second of the gateway takes of xAPI, how long one POST takes, and how long one learner's last page.

    python -m tests.benchmarks.xapi [--seconds 4] [--statements 10000000] [--json]

Broker, ClickHouse, gateway and writer run as processes, acknowledged and deciding as they do; load comes from this one.
CPU is the gateway's own. No statement is sent twice. "At its own pace" each connection sends one statement every 50 ms,
so that what is measured is how long a POST takes and not how long it queues for the two cores behind seven others. The
page is asked among so many statements that ClickHouse made up itself, once it has merged them: ten million in half a
minute are no load that a store sees.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import aiohttp

from services.ingest.lrs.terms import agent_key, term
from services.runtime.clickhouse import connect
from tests.benchmarks.ingest import cpu_seconds, statement
from tests.conformance.instance import Instance, instance

GOALS = {"batch of 100": 27_000.0, "batch of 100, own ids": 27_000.0, "one a POST": 915.0}
PAGE_GOAL_MS = 50.0
FLAT = 2.0
"""How many times the p50 of one connection the p50 of eight at their own pace may be."""
PACE_SECONDS = 0.05
PACED, PACED_OWN = "one a POST at its own pace", "one a POST at its own pace, own ids"
PAGE = "last 100 of a learner"
LEARNERS = 5_000
AGENT = {"account": {"homePage": "https://lms.example.org", "name": "learner-77"}}
MADE_UP = """
INSERT INTO xapi_statements
SELECT
    {tenant:String},
    fromUnixTimestamp64Micro(1700000000000000 + number * 1000),
    reinterpretAsUUID(MD5(toString(number))),
    [
        if(number % {learners:UInt64} = 77, {agent:UInt64}, number % {learners:UInt64}),
        {verb:UInt64},
        1000000 + number % 97
    ],
    if(number % 1000 = 999, reinterpretAsUUID(MD5(toString(number - 500))), toUUID({nothing:String})),
    number % 1000 = 999,
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


def bodies(size: int, *, own_ids: bool, number: int) -> list[bytes]:
    """Requests, no statement twice, of many people, courses and scores."""

    def made(each: int) -> dict[str, object]:
        said = statement(each)
        result = {"score": {"scaled": each % 101 / 100, "raw": each % 101, "min": 0, "max": 100}, "completion": True}
        said["result"] = {**result, "duration": f"PT{each % 3600}S"}
        return {**said, "id": str(uuid.uuid4())} if own_ids else said

    return [json.dumps([made(n * size + each) for each in range(size)]).encode() for n in range(number)]


async def load(
    at: Instance, name: str, connections: int, seconds: float, sent: Sequence[bytes], pace_seconds: float = 0.0
) -> Result:
    """POST over so many connections for so long, or until all is sent; each connection no oftener than its pace."""
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
            await asyncio.sleep(pace_seconds * first / connections)
            for body in sent[first::connections]:
                before = time.perf_counter()
                if before - started_at > seconds:
                    return
                async with session.post("/xAPI/statements", data=body) as response:
                    content = await response.read()
                    if response.status != 200:
                        raise RuntimeError(f"{response.status}: {content[:300]!r}")
                took = time.perf_counter() - before
                latencies.append(took)
                count += content.count(b",") + 1
                if pace_seconds:
                    await asyncio.sleep(max(0.0, pace_seconds - took))

        await asyncio.gather(*map(connection, range(connections)))
        wall, cpu = time.perf_counter() - started_at, cpu_seconds(at.gateway.pid) - cpu_before
    latencies.sort()
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return Result(name, connections, count / cpu, count / wall, p50, p99)


def await_tables(at: Instance) -> None:
    """Return once the tables have all that was sent, so that no load pays for the one before."""
    headers = {"Authorization": f"Bearer {at.key.token}", "X-Experience-API-Version": "1.0.3"}
    asked_at = datetime.now(UTC)
    while True:
        request = Request(f"{at.url}/xAPI/statements?limit=1", headers=headers)  # noqa: S310 - our own loopback address
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            through = answer.headers["X-Experience-API-Consistent-Through"]
        if datetime.fromisoformat(through) >= asked_at:
            return
        time.sleep(0.1)


def make_up(at: Instance, statements: int) -> None:
    """Fill the table with statements of many learners, one in a thousand voided."""
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
            "nothing": str(uuid.UUID(int=0)),
            "start": start,
            "rest": rest,
            "first": first,
            "count": min(500_000, statements - first),
        }
        client.command(MADE_UP, parameters=parameters)
    while client.query("SELECT count() FROM system.merges").result_rows != [(0,)]:
        time.sleep(0.5)
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
    return Result(PAGE, 1, 0, 0, latencies[times // 2] * 1000, latencies[-1] * 1000)


def measure(at: Instance, seconds: float, statements: int) -> list[Result]:
    """Every load, each once the tables have what the one before sent, and then the page."""
    most = int(seconds * 500)
    results = []
    for name, own_ids in (("batch of 100", False), ("batch of 100, own ids", True)):
        results.append(asyncio.run(load(at, name, 8, seconds, bodies(100, own_ids=own_ids, number=most))))
        await_tables(at)
    for name, own_ids, pace_seconds in (
        ("one a POST", False, 0.0),
        (PACED, False, PACE_SECONDS),
        (PACED_OWN, True, PACE_SECONDS),
    ):
        for connections in (1, 8):
            sent = bodies(1, own_ids=own_ids, number=int(seconds * 2500))
            results.append(asyncio.run(load(at, name, connections, seconds, sent, pace_seconds)))
            await_tables(at)
    if statements:
        make_up(at, statements)
        results.append(asyncio.run(page(at)))
    return results


def missed(results: Sequence[Result]) -> list[str]:
    """The goals that were missed, as sentences."""
    slow = [
        f"{each.name}: {each.per_cpu_second:,.0f} per CPU-second of {GOALS[each.name]:,.0f}"
        for each in results
        if each.name in GOALS and each.per_cpu_second < GOALS[each.name]
    ]
    for name in (PACED, PACED_OWN):
        alone, together = (each.p50_ms for each in results if each.name == name)
        if together > alone * FLAT:
            slow.append(f"{name}: p50 of {together:.1f} ms with 8 connections, {alone:.1f} ms with one")
    slow += [
        f"{each.name}: {each.p50_ms:.0f} ms" for each in results if each.name == PAGE and each.p50_ms > PAGE_GOAL_MS
    ]
    return slow


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
    slow = missed(results)
    sys.stderr.writelines(f"missed: {each}\n" for each in slow)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
