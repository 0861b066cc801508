"""ADL's statements with the code that the suite expects for each, from the published samples, sent one by one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.conformance.instance import Instance

FILES = {"1.0.3": "conformance-1.0.3.jsonl", "2.0.0": "conformance-2.0.0.jsonl"}
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """One statement, the test that it comes from, and the code that must answer it."""

    name: str
    expect: int
    statement: Any


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a file's statements were decided as expected; the others by name, with the code that came."""

    passed: int
    total: int
    failed: tuple[str, ...]


def samples_in(path: Path) -> Iterator[Sample]:
    """The samples of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            yield Sample(f"{entry['suite']}: {entry['test']}", entry["expect"], entry["statement"])


async def run(at: Instance, path: Path, version: str) -> Tally:
    """Send every statement of a file and compare the codes."""
    samples = list(samples_in(path))
    turns = asyncio.Semaphore(AT_ONCE)
    headers = {"X-Experience-API-Version": version, "Authorization": f"Bearer {at.key.token}"}
    async with aiohttp.ClientSession(at.url, headers=headers) as session:

        async def decide(sample: Sample) -> str | None:
            async with turns, session.post("/xAPI/statements", json=sample.statement) as response:
                await response.read()
                return None if response.status == sample.expect else f"{response.status} for {sample.name}"

        failed = [each for each in await asyncio.gather(*map(decide, samples)) if each is not None]
    return Tally(len(samples) - len(failed), len(samples), tuple(failed))
