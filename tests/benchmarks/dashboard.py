"""How long pages' queries take on a large data set, while 10,000 rows a second are being written.

    python -m tests.benchmarks.dashboard [--workers 1000000] [--rounds 20] [--folder DIR] [--json] [--plan]

One embedded ClickHouse. Each named query is asked in turn for an employer of 5,000 workers and for one of 200,000 (of
1,000,000; fewer workers, smaller employers), the turns repeated; p95 is over the rounds. Required at the full size: 100
ms and 1 s. Then, with nothing written, the server's CPU time of each, the slowest query's plan, and queries beside the
same over the published views, and over the wide tables. A folder that is given is kept and used again. Figures of a
loaded machine vary: the load is told.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from deploy.clickhouse.migrations import migrate
from deploy.embedded.clickhouse.start import start
from services.dashboard.queries import SWIFT, statements
from services.dashboard.tenant_views import for_one_employer
from services.runtime.clickhouse import Client, connect
from tests.benchmarks.dashboard_parts.asking import Timing, cpu_costs, plan, timed
from tests.benchmarks.dashboard_parts.data_set import BIG, MIDDLE, fill, settle

FULL: Final = 1_000_000
DATABASE: Final = "bench"
ROWS_PER_SECOND: Final = 10_000
GOAL_MS: Final = {MIDDLE: 100.0, BIG: 1000.0}
WITHOUT: Final = Path(__file__).parent / "dashboard_parts" / "without"
COMPARED_ROUNDS: Final = 3
OUTCOMES: Final = "achievement_outcomes_feed"
"""Works outcomes out for all employers every five minutes; stopped meanwhile, so that each round is asked the same."""


def main() -> int:
    """Measure and print; the exit code says whether the goals were met."""
    asked = _arguments()
    with _ground(asked.folder, asked.workers) as (url, pid, client):
        _say(asked, f"{_counted(client)}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
        with _writer(url, asked.workers) as written:
            timings = list(timed(client, sent(), asked.rounds))
            time.sleep(1)
        costs = {f"{name} {employer}": cost for (name, employer), cost in cpu_costs(client, pid, sent())}
        over_views, over_wide = dict(_over_views(client)), dict(_over_wide(client))
        slowest = max(timings, key=lambda one: one.p95 / GOAL_MS[one.employer])
        report = {
            "workers": asked.workers,
            "written_per_second": _rate(written),
            "load": os.getloadavg()[0],
            "timings": [asdict(one) for one in timings],
            "times_over_published_views": over_views,
            "times_over_wide_tables": over_wide,
            "cpu_milliseconds": costs,
            "slowest": {**asdict(slowest), "plan": plan(client, sent()[slowest.query], slowest.employer)},
        }
    _print(asked, report, timings)
    is_met = all(one.p95 < GOAL_MS[one.employer] for one in timings)
    return int(asked.workers >= FULL and not is_met)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=FULL)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plan", action="store_true", help="print the slowest query's plan")
    return parser.parse_args()


@contextmanager
def _ground(folder: Path | None, workers: int) -> Iterator[tuple[str, int, Client]]:
    """A ClickHouse with the data set in it: its URL, process and a client."""
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stepwell-bench-")))
        child, url = start(place / "clickhouse", place / "clickhouse.log")
        stack.callback(child.stop)
        migrate(url, DATABASE)
        client = connect(url, DATABASE, max_threads=os.cpu_count() or 1, **SWIFT)
        client.command(f"SYSTEM STOP VIEW {OUTCOMES}")
        if not client.query("SELECT count() FROM employments").result_rows[0][0]:
            for name, seconds in fill(client, workers):
                print(f"  {name:<12} {seconds:6.1f} s", file=sys.stderr, flush=True)
            settle(client)
        yield url, child.pid, client


@contextmanager
def _writer(url: str, workers: int) -> Iterator[list[str]]:
    """Rows being written meanwhile; the lines that the writer told are in the list at the end."""
    command = [sys.executable, "-m", "tests.benchmarks.dashboard_parts.writer", url, DATABASE, str(workers)]
    child = subprocess.Popen([*command, str(ROWS_PER_SECOND)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    told: list[str] = []
    try:
        yield told
    finally:
        out, _ = child.communicate("\n", timeout=60)
        told += out.splitlines()


def _rate(written: list[str]) -> float:
    """Rows a second, over the time that the writer ran; a second that took longer counts as long as it took."""
    rows = [line.split() for line in written]
    return sum(float(count) for count, _ in rows) / max(sum(max(float(took), 1.0) for _, took in rows), 1.0)


def _over_views(client: Client) -> Iterator[tuple[str, float]]:
    """How many times as long queries take as they are written, over views of everybody, by name; nothing written."""
    yield from _compared(client, {name: sql for name, sql in statements().items() if for_one_employer(sql) != sql})


def _over_wide(client: Client) -> Iterator[tuple[str, float]]:
    """The same over the wide tables alone."""
    yield from _compared(client, {file.stem: file.read_text() for file in sorted(WITHOUT.glob("*.sql"))})


def _compared(client: Client, others: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """How many times as long other forms take for the big employer, in the same turns; medians."""
    ours = {f"{name} sent": sql for name, sql in sent().items() if name in others}
    medians = {one.query: one.p50 for one in timed(client, {**ours, **others}, COMPARED_ROUNDS, (BIG,))}
    for name in others:
        yield name, round(medians[name] / medians[f"{name} sent"], 1)


def sent() -> dict[str, str]:
    """The named queries as the dashboard sends them."""
    return {name: for_one_employer(sql) for name, sql in statements().items()}


def _counted(client: Client) -> str:
    counts = client.query(
        "SELECT table, sum(rows), formatReadableSize(sum(bytes_on_disk)) FROM system.parts"
        " WHERE active AND database = currentDatabase() GROUP BY table HAVING sum(rows) > 100000 ORDER BY table"
    ).result_rows
    return ", ".join(f"{rows:,} {table} ({size})" for table, rows, size in counts)


def _say(asked: argparse.Namespace, line: str) -> None:
    print(line, file=sys.stderr if asked.json else sys.stdout, flush=True)


def _print(asked: argparse.Namespace, report: Mapping[str, Any], timings: list[Timing]) -> None:
    if asked.json:
        print(json.dumps(report))
        return
    print(f"{report['written_per_second']:,.0f} rows written a second meanwhile; load {report['load']:.1f}")
    for employer, goal in GOAL_MS.items():
        mine = sorted((one for one in timings if one.employer == employer), key=lambda one: -one.p95)
        late = [one.query for one in mine if one.p95 >= goal]
        print(f"{employer}: {len(mine)} queries, {len(late)} over {goal:.0f} ms at p95 {' '.join(late)}")
        for one in mine:
            cost = report["cpu_milliseconds"][f"{one.query} {employer}"]
            print(f"  {one.query:<20} p50 {one.p50:8.1f} ms  p95 {one.p95:8.1f} ms  CPU {cost:6.0f} ms")
    for than in ("published_views", "wide_tables"):
        for name, times in report[f"times_over_{than}"].items():
            print(f"  {name:<20} {times:5.1f} times as long over the {than.replace('_', ' ')}")
    print(f"slowest: {report['slowest']['query']} for {report['slowest']['employer']}")
    if asked.plan:
        print(report["slowest"]["plan"])


if __name__ == "__main__":
    sys.exit(main())
