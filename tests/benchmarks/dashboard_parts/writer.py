"""Writes 10,000 rows a second beside the readers: records, awards and progress of some hundred workers at a time.

    python -m tests.benchmarks.dashboard_parts.writer URL DATABASE WORKERS ROWS_PER_SECOND

One line a second on stdout: rows written, and seconds that it took. Ends with its standard input.
"""

from __future__ import annotations

import random
import select
import sys
import time
from collections.abc import Sequence
from typing import Final

from services.runtime.clickhouse import connect
from tests.benchmarks.dashboard_parts.data_set import write

ROWS_PER_WORKER: Final = 35
"""20 records, 12 awards in the mean, 3 progress rows."""
NEXT_EPOCH: Final = 2


def main(arguments: Sequence[str]) -> None:
    """Write until standard input is closed."""
    url, database = arguments[:2]
    workers, rows_per_second = map(int, arguments[2:])
    client, count = connect(url, database), max(rows_per_second // ROWS_PER_WORKER, 1)
    chance = random.Random(7)
    while not select.select([sys.stdin], [], [], 0)[0]:
        started = time.monotonic()
        first = chance.randrange(max(workers - count, 1))
        for name in ("records", "awards", "progress"):
            write(client, name, workers, first, count, NEXT_EPOCH)
        took = time.monotonic() - started
        print(count * ROWS_PER_WORKER, f"{took:.3f}", flush=True)
        time.sleep(max(0.0, 1 - took))


if __name__ == "__main__":
    main(sys.argv[1:])
