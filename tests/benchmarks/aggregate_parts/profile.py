"""Where the aggregate's own Python goes, with no broker and no ClickHouse: decode, step, encode, row columns.

    python -m tests.benchmarks.aggregate_parts.profile [--workers 500] [--batch 2000] [--functions]

Micros a record of CPU; compare them with decoding by pydantic beside them, which the aggregate does not do, as machines
differ and are shared.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from aiokafka import ConsumerRecord

from schemas.records import record_adapter
from services.aggregate.decode import decode
from services.aggregate.effects import TABLES
from services.aggregate.messages import of_changes
from services.aggregate.rows import columns_of
from services.aggregate.step import step
from services.aggregate.topics import Names
from services.core.people import WorkerState, dumps
from services.core.stacks import compile_catalog
from tests.benchmarks.aggregate_parts.workload import Message, catalog, messages

FUNCTIONS = 45
RARELY = (10_000_000, 10, 10)


@contextmanager
def _timed(spent: Counter[str], part: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    spent[part] += int((time.process_time() - begun) * 1e9)


def run(workers: int, size: int) -> tuple[Counter[str], Counter[str]]:
    """Nanoseconds by part, and counts of what was made."""
    compiled, log, now = compile_catalog(catalog()), messages(workers), datetime.now(UTC)
    names = Names.under("")
    states: dict[str, WorkerState] = {}
    spent: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for first in range(0, len(log), size):
        batch = [_fetched(first + place, one) for place, one in enumerate(log[first : first + size])]
        with _timed(spent, "pydantic"):
            for one in batch:
                record_adapter.validate_json(one.value)
        with _timed(spent, "decode"):
            decoded = decode(batch, 0).messages
        with _timed(spent, "step"):
            known = {one.worker_id: states[one.worker_id] for one in decoded if one.worker_id in states}
            changes = step(known, decoded, compiled, now)
        with _timed(spent, "columns"):
            for table in TABLES:
                columns_of(table, changes)
        with _timed(spent, "messages"):
            list(of_changes(changes, names, 0))
        with _timed(spent, "dumps"):
            written = [dumps(state) for state in changes.states.values()]
        states.update(changes.states)
        made += Counter(records=len(batch), workers=len(changes.timers), state_bytes=sum(map(len, written)))
        made += Counter({table: len(getattr(changes, table)) for table in TABLES[1:]})
    return spent, made


def _fetched(offset: int, one: Message) -> ConsumerRecord:
    return ConsumerRecord(
        "records", 0, offset, 0, 0, one.key, one.value, None, len(one.key), len(one.value), one.headers
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=500)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--functions", action="store_true", help="with a profile by function, which slows all down")
    options = parser.parse_args()
    gc.set_threshold(*RARELY)  # as the aggregate has it
    profile = cProfile.Profile()
    if options.functions:
        spent, made = profile.runcall(run, options.workers, options.batch)
        pstats.Stats(profile).sort_stats("tottime").print_stats(FUNCTIONS)
    else:
        spent, made = run(options.workers, options.batch)
    for part, nanoseconds in spent.items():
        micros = nanoseconds / 1000 / made["records"]
        print(f"{part:8} {micros:8.1f} us/record {nanoseconds / spent['pydantic']:6.2f} x pydantic")
    print(", ".join(f"{count:,} {name}" for name, count in made.items()))


if __name__ == "__main__":
    main()
