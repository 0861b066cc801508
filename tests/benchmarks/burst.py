"""Whether verifying delays unsigned records: how long these take from posting to their row, while credentials pour in.

    python -m tests.benchmarks.burst [--credentials 10000] [--rate 100] [--samples 60] [--json]

All of Stepwell as processes, with the embedded broker and ClickHouse. Unsigned records are sent one after the other,
each once the one before is to be seen, in phases that tell apart what delays them:

    quiet                 nothing else
    unsigned awards       as many awards as credentials, as native records, at the rate
    credentials taken in  the credentials with RDFC proofs, at the rate, and no verification stage runs
    quiet again           nothing else
    verifying them all    the stage was started, and has all of these to verify as fast as it can
    taken in and verified other credentials, at the rate, and the stage runs

The last two are the question: verifying is not felt when their percentiles are those of `quiet` and of `credentials
taken in`. The CPU seconds of each process tell where the rest comes from. Figures of a loaded machine vary: compare
ratios. Required: the 95th percentile while all are verified is at most 1.2 times the quiet one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import uuid
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from deploy.embedded import services_of
from deploy.embedded.options import ALL_SERVICES, Options
from deploy.embedded.stack import RunningStack, start_stack
from services.ingest.verify.canonical import Canonicaliser
from services.runtime.clickhouse import Client, connect
from services.runtime.keys import issue
from tests.benchmarks.ingest import cpu_seconds
from tests.builders.credentials import KEY, bare, rdfc_signed
from tests.builders.verifying import SINCE

AT_ONCE = 25
POLL_SECONDS = 0.02
READY_SECONDS, DRAIN_SECONDS = 60.0, 60.0
MOST_TIMES = 1.2
SEEN = "SELECT count() FROM records WHERE record_id = {record_id:UUID}"
CHECKED = "SELECT uniqExact(digest) FROM verifications"
Figures = dict[str, float]
Body = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class At:
    """Where records are sent and looked for."""

    stack: RunningStack
    session: aiohttp.ClientSession
    client: Client

    async def post(self, path: str, body: Any) -> None:
        """Send. Raises: RuntimeError when it is not taken."""
        async with self.session.post(path, json=body) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}: {await answer.text()}")

    def checked(self) -> int:
        """How many credentials the stage is done with."""
        return int(self.client.query(CHECKED).result_rows[0][0])


def main() -> int:
    """Measure and print; 0 when verifying is not felt more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--credentials", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=100.0, help="how many are sent a second")
    parser.add_argument("--samples", type=int, default=60, help="of a quiet phase")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    services = tuple(service for service in ALL_SERVICES if service != "verify")
    with tempfile.TemporaryDirectory() as folder, start_stack(Options(home=Path(folder), services=services)) as stack:
        found = asyncio.run(_measured(stack, options))
    quiet = [found[name]["p95"] for name in ("quiet", "quiet again")]
    times = found["verifying them all"]["p95"] / max(quiet)
    beside = found["taken in and verified"]["p95"] / found["credentials taken in"]["p95"]
    if options.json:
        print(json.dumps({"phases": found, "times": times, "beside": beside, "required": MOST_TIMES}))
    else:
        for name, figures in found.items():
            print(name, *(f"  {what:26} {value:9.3f}" for what, value in figures.items()), sep="\n")
        print(f"95th percentile while all are verified: {times:.2f} times the quiet one (required {MOST_TIMES:g})")
        print(f"95th percentile while they come in: {beside:.2f} times that without verification")
    return 0 if times <= MOST_TIMES else 1


async def _measured(stack: RunningStack, options: argparse.Namespace) -> dict[str, Figures]:
    client = connect(stack.addresses.clickhouse, stack.options.database)
    key = issue(client, "source", "bench")
    headers = {"Authorization": f"Basic {b64encode(f'{key.key}:{key.secret}'.encode()).decode()}"}
    count, rate, found = options.credentials, options.rate, {}
    async with aiohttp.ClientSession(stack.addresses.ingest, headers=headers) as session:
        at = At(stack, session, client)
        await asyncio.sleep(1)  # a new key is known within a second
        await _samples(at, options.samples // 3)
        found["quiet"] = await _phase(at, lambda: _samples(at, options.samples))
        found["unsigned awards"] = await _phase(
            at, lambda: _meanwhile(at, _sent(at, "/v1/records", _awards(count), rate))
        )
        found["credentials taken in"] = await _phase(
            at, lambda: _meanwhile(at, _sent(at, "/credentials", _credentials(0, count), rate))
        )
        found["quiet again"] = await _phase(at, lambda: _samples(at, options.samples))
        await asyncio.to_thread(_start_stage, stack)
        found["verifying them all"] = await _phase(at, lambda: _meanwhile(at, _verified(at, count)))
        found["taken in and verified"] = await _phase(
            at, lambda: _meanwhile(at, _sent(at, "/credentials", _credentials(count, count), rate))
        )
    return found


def _start_stage(stack: RunningStack) -> None:
    options = replace(stack.options, services=("verify",))
    processes = services_of.plan(options, stack.addresses.kafka, stack.addresses.clickhouse).processes
    stack.supervisor.start(*processes)
    stack.supervisor.wait_ready([one.name for one in processes], READY_SECONDS)


async def _phase(at: At, samples: Callable[[], Awaitable[list[float]]]) -> Figures:
    """Percentiles of what was sampled, and what it cost; it begins when nothing else is under way."""
    await asyncio.to_thread(_calm, at)
    before, begun, checked = _worked(at.stack), time.monotonic(), at.checked()
    taken = await samples()
    cuts, seconds, after = quantiles(taken, n=100), time.monotonic() - begun, _worked(at.stack)
    return {
        "p50": cuts[49],
        "p95": cuts[94],
        "p99": cuts[98],
        "samples": float(len(taken)),
        "seconds": seconds,
        "verified": float(at.checked() - checked),
        **{f"CPU of {name}": after[name] - before.get(name, 0.0) for name in after},
    }


def _calm(at: At) -> None:
    """Wait until the log is aggregated; what the stage has left is not waited for."""
    if "verify" not in at.stack.supervisor.names():
        at.stack.drain(DRAIN_SECONDS)


def _worked(stack: RunningStack) -> Mapping[str, float]:
    """CPU seconds so far of each part, with the processes that it started."""
    pids = {name: stack.pid(name) for name in stack.supervisor.names()}
    return {name: cpu_seconds(pid) + sum(map(cpu_seconds, _children(pid))) for name, pid in pids.items()}


def _children(pid: int) -> list[int]:
    of_threads = (file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(one) for some in of_threads for one in some.split()]


async def _meanwhile(at: At, doing: Awaitable[None]) -> list[float]:
    """The samples that were taken while something was done."""
    task = asyncio.ensure_future(doing)
    taken: list[float] = []
    while not task.done():
        taken += await _samples(at, 1)
    await task
    return taken


async def _samples(at: At, count: int) -> list[float]:
    """How long each of so many records takes from posting to its row."""
    return [await _one(at) for _ in range(count)]


async def _one(at: At) -> float:
    record_id = str(uuid.uuid4())
    begun = time.perf_counter()
    await at.post("/v1/records", _award(record_id))
    while not await asyncio.to_thread(_is_seen, at.client, record_id):  # noqa: ASYNC110 - a table
        await asyncio.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


def _is_seen(client: Client, record_id: str) -> bool:
    return bool(client.query(SEEN, parameters={"record_id": record_id}).result_rows[0][0])


def _award(record_id: str) -> dict[str, Any]:
    said = {"kind": "award", "record_id": record_id, "occurred_at": "2025-06-01T00:00:00Z"}
    return {**said, "worker_id": record_id, "achievement": {"id": "a"}}


async def _verified(at: At, count: int) -> None:
    until = at.checked() + count
    while await asyncio.to_thread(at.checked) < until:  # noqa: ASYNC110 - a table
        await asyncio.sleep(1)


async def _sent(at: At, path: str, batches: Iterator[Body], rate: float) -> None:
    begun, sent = time.monotonic(), 0
    for some in batches:
        await asyncio.sleep(max(0.0, begun + sent / rate - time.monotonic()))
        await at.post(path, some)
        sent += len(some)


def _awards(count: int) -> Iterator[Body]:
    for first in range(0, count, AT_ONCE):
        yield [_award(str(uuid.uuid4())) for _ in range(first, min(first + AT_ONCE, count))]


def _credentials(after: int, count: int) -> Iterator[Body]:
    """Credentials that differ in their ids, and so in their canonical forms: each costs what a sound one costs.

    Their issuer's id is its key, or the key could not be had, and there would be nothing to make canonical forms for.
    """
    canonicaliser, multikey = Canonicaliser(seconds=10), KEY.public.multikey
    issuer = f"did:key:{multikey}"
    unsigned = bare(**SINCE, issuer={"id": issuer, "type": ["Profile"], "name": "The College"})
    signed = rdfc_signed(canonicaliser, unsigned, verificationMethod=f"{issuer}#{multikey}")
    canonicaliser.close()
    for first in range(after, after + count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, after + count))
        yield [{**signed, "id": f"urn:uuid:{uuid.UUID(int=number)}"} for number in numbers]


if __name__ == "__main__":
    sys.exit(main())
