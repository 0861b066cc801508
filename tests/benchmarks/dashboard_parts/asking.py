"""Asks named queries and takes the time: on the wall clock in turns, and in the server's CPU with nothing beside it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from services.runtime.clickhouse import Client
from tests.benchmarks.dashboard_parts.data_set import BIG, MIDDLE

EMPLOYERS: Final = (MIDDLE, BIG)
ONE_WORKER: Final = (
    "SELECT any(worker_id) FROM (SELECT worker_id FROM v_workers WHERE employer_id = {e:String} LIMIT 9)"
)
CPU_ASKED: Final = 2
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Timing:
    """One query for one employer: milliseconds."""

    query: str
    employer: str
    p50: float
    p95: float


def timed(
    client: Client, named: Mapping[str, str], rounds: int, employers: Sequence[str] = EMPLOYERS
) -> Iterator[Timing]:
    """Each query for each employer, in turns."""
    given = {employer: parameters(client, employer) for employer in employers}
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name, sql in named.items():
            for employer in employers:
                took.setdefault((name, employer), []).append(ask(client, sql, given[employer]))
    for (name, employer), times in took.items():
        yield Timing(name, employer, round(median(times), 1), round(_percentile(times, 0.95), 1))


def cpu_costs(client: Client, pid: int, named: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], float]]:
    """(query, employer) with the milliseconds of CPU that the server spends on one; to be asked with nothing beside."""
    given = {employer: parameters(client, employer) for employer in EMPLOYERS}
    for name, sql in named.items():
        for employer in EMPLOYERS:
            before = _cpu_seconds(pid)
            for _ in range(CPU_ASKED):
                ask(client, sql, given[employer])
            yield (name, employer), round((_cpu_seconds(pid) - before) / CPU_ASKED * 1000)


def plan(client: Client, sql: str, employer: str) -> str:
    """How the engine goes about a query, with what the indexes leave."""
    given = wanted(sql, parameters(client, employer))
    return "\n".join(line for (line,) in client.query(f"EXPLAIN indexes = 1 {sql}", parameters=given).result_rows)


def ask(client: Client, sql: str, given: Mapping[str, Any]) -> float:
    """Ask once; milliseconds."""
    started = time.perf_counter()
    client.query(sql, parameters=wanted(sql, given))
    return (time.perf_counter() - started) * 1000


def wanted(sql: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the SQL names."""
    return {name: given[name] for name in re.findall(r"\{(\w+):", sql)}


def parameters(client: Client, employer: str) -> Mapping[str, Any]:
    """A value for each parameter that a query may have, of one employer."""
    return {
        "employer_id": employer,
        "worker_id": client.query(ONE_WORKER, parameters={"e": employer}).result_rows[0][0],
        "stack_id": "https://college.example/stacks/7",
        "achievement_id": "https://college.example/courses/7-1",
        "search": "",
        "sort": "worker",
        "days": 60,
        "weeks": 26,
        "minutes": 60,
        "most": 5,
        "most_parts": 3,
        "dimension": "gender",
        "version": "1",
        "paths": ["/all/0", "/all/1"],
        "stalled_days": 90,
        "as_of": datetime.now(UTC),
        "limit": 50,
        "offset": 0,
    }


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
