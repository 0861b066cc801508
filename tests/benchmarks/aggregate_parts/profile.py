"""Where the aggregate's own Python goes, with no broker and no ClickHouse: decode, step, encode, row columns.

    python -m tests.benchmarks.aggregate_parts.profile [--workers 500] [--batch 2000] [--functions]

Micros a record of CPU; compare them with the decoding beside them, as machines differ and are shared.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from schemas.records import record_adapter
from services.aggregate.effects import TABLES
from services.aggregate.rows import columns_of
from services.aggregate.step import Message, step
from services.core.people import WorkerState, dumps
from services.core.stacks import compile_catalog
from tests.benchmarks.aggregate_parts.workload import catalog, messages

FUNCTIONS = 45


@contextmanager
def _timed(spent: Counter[str], part: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    spent[part] += int((time.process_time() - begun) * 1e9)


def run(workers: int, size: int) -> tuple[Counter[str], Counter[str]]:
    """Nanoseconds by part, and counts of what was made."""
    compiled, log, now = compile_catalog(catalog()), messages(workers), datetime.now(UTC)
    states: dict[str, WorkerState] = {}
    spent: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for first in range(0, len(log), size):
        batch = log[first : first + size]
        with _timed(spent, "decode"):
            records = [record_adapter.validate_json(one.value) for one in batch]
        messages_of = [
            Message(one.key.decode(), record, first + place + 1, one.value)
            for place, (one, record) in enumerate(zip(batch, records, strict=True))
        ]
        with _timed(spent, "step"):
            known = {one.worker_id: states[one.worker_id] for one in messages_of if one.worker_id in states}
            changes = step(known, messages_of, compiled, now)
        with _timed(spent, "columns"):
            for table in TABLES:
                columns_of(table, changes)
        with _timed(spent, "dumps"):
            written = [dumps(state) for state in changes.states.values()]
        states.update(changes.states)
        made += Counter(records=len(batch), workers=len(changes.timers), state_bytes=sum(map(len, written)))
        made += Counter({table: len(getattr(changes, table)) for table in TABLES[1:]})
    return spent, made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=500)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--functions", action="store_true", help="with a profile by function, which slows all down")
    options = parser.parse_args()
    profile = cProfile.Profile()
    if options.functions:
        spent, made = profile.runcall(run, options.workers, options.batch)
        pstats.Stats(profile).sort_stats("tottime").print_stats(FUNCTIONS)
    else:
        spent, made = run(options.workers, options.batch)
    for part, nanoseconds in spent.items():
        micros = nanoseconds / 1000 / made["records"]
        print(f"{part:8} {micros:8.1f} us/record {nanoseconds / spent['decode']:6.2f} x decode")
    print(", ".join(f"{count:,} {name}" for name, count in made.items()))


if __name__ == "__main__":
    main()
