"""Whether verifying a burst of credentials delays unsigned records: how long these take, from posting to their row.

    python -m tests.benchmarks.burst [--credentials 10000] [--samples 60] [--json]

All of Stepwell as processes, with the embedded broker and ClickHouse, once without the verification stage and once
with it. Unsigned records are sent one after the other, each once the one before is to be seen: before the burst, while
credentials with RDFC proofs are sent all at once, and after that. A burst is work for gateway, log, aggregate and
tables like any other; what is asked here is what verifying adds. Figures of a loaded machine vary: compare ratios.
Required: by how many times the burst slows records is, with the stage, at most twice what it is without.
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
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp

from deploy.embedded.options import ALL_SERVICES, Options, Service
from deploy.embedded.stack import RunningStack, start_stack
from services.ingest.verify.canonical import Canonicaliser
from services.runtime.clickhouse import Client, connect
from services.runtime.keys import issue
from tests.builders.credentials import bare, rdfc_signed
from tests.builders.verifying import SINCE

AT_ONCE = 25
POLL_SECONDS = 0.01
MOST_TIMES = 2.0
STACKS = {
    "without the stage": tuple(service for service in ALL_SERVICES if service != "verify"),
    "with the stage": ALL_SERVICES,
}
SEEN = "SELECT count() FROM records WHERE record_id = {record_id:UUID}"
CHECKED = "SELECT count() FROM verifications"


def main() -> int:
    """Measure and print; 0 when the burst is not felt more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--credentials", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {name: _measure(services, options.credentials, options.samples) for name, services in STACKS.items()}
    without, within = (one["median while sent"] / one["median before"] for one in found.values())
    times = within / without
    if options.json:
        print(json.dumps({**found, "times": times, "required": MOST_TIMES}))
    else:
        for name, measured in found.items():
            print(name, *(f"  {what:26} {value:9.3f}" for what, value in measured.items()), sep="\n")
        print(f"while sent, with the stage: {times:.2f} times (required {MOST_TIMES:g})")
    return 0 if times <= MOST_TIMES else 1


def _measure(services: tuple[Service, ...], credentials: int, samples: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, start_stack(Options(home=Path(folder), services=services)) as stack:
        return asyncio.run(_measured(stack, credentials, samples))


async def _measured(stack: RunningStack, credentials: int, samples: int) -> dict[str, float]:
    client = connect(stack.addresses.clickhouse, stack.options.database)
    key = issue(client, "source", "bench")
    authorization = b64encode(f"{key.key}:{key.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {authorization}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(stack.addresses.ingest, headers=headers) as session:
        await asyncio.sleep(1)  # a new key is known within a second
        await _seconds(session, client, samples // 3)
        without = await _seconds(session, client, samples)
        sending = asyncio.create_task(_send(session, credentials))
        while_sent: list[float] = []
        while not sending.done():
            while_sent += await _seconds(session, client, 1)
        await sending
        checked = float(_count(client))
        after = await _seconds(session, client, samples)
    return {
        "median before": median(without),
        "p95 before": quantiles(without, n=20)[-1],
        "median while sent": median(while_sent),
        "p95 while sent": quantiles(while_sent, n=20)[-1],
        "median after": median(after),
        "p95 after": quantiles(after, n=20)[-1],
        "verified when all was sent": checked,
    }


async def _seconds(session: aiohttp.ClientSession, client: Client, samples: int) -> list[float]:
    """How long each of so many records takes from posting to its row."""
    return [await _one(session, client) for _ in range(samples)]


async def _one(session: aiohttp.ClientSession, client: Client) -> float:
    record_id = str(uuid.uuid4())
    said = {"kind": "award", "record_id": record_id, "occurred_at": "2025-06-01T00:00:00Z"}
    begun = time.perf_counter()
    await _post(session, "/v1/records", {**said, "worker_id": record_id, "achievement": {"id": "a"}})
    while not client.query(SEEN, parameters={"record_id": record_id}).result_rows[0][0]:  # noqa: ASYNC110 - a table
        await asyncio.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


async def _send(session: aiohttp.ClientSession, credentials: int) -> None:
    for some in _batches(credentials):
        await _post(session, "/credentials", some)


def _batches(credentials: int) -> Iterator[list[dict[str, Any]]]:
    """Credentials that differ in their ids, and so in their canonical forms: each costs what a sound one costs."""
    canonicaliser = Canonicaliser(seconds=10)
    signed = rdfc_signed(canonicaliser, bare(**SINCE))
    canonicaliser.close()
    for first in range(0, credentials, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, credentials))
        yield [{**signed, "id": f"urn:uuid:{uuid.UUID(int=number)}"} for number in numbers]


async def _post(session: aiohttp.ClientSession, path: str, body: Any) -> None:
    async with session.post(path, json=body) as answer:
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {await answer.text()}")


def _count(client: Client) -> int:
    return int(client.query(CHECKED).result_rows[0][0])


if __name__ == "__main__":
    sys.exit(main())
