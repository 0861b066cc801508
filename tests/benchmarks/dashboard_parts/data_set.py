"""The data set: one employer of a fifth of all workers, twenty of one in two hundred, and many small ones.

Everything is made by the engine out of numbers, so the same arguments give the same data. Of 1,000,000 workers: 5,000
employers, 20,000,000 records, 12,000,000 awards, 3,000,000 progress rows, 9,000,000 rows of their history.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.runtime.clickhouse import Client

FOLDER: Final = Path(__file__).parent / "data"
BIG: Final = "employer-big"
MIDDLE: Final = "employer-mid-3"
STEPS: Final = {
    "employments": 500_000,
    "awards": 100_000,
    "progress": 50_000,
    "history": 100_000,
    "records": 50_000,
    "catalog": 0,
    "stacks": 0,
    "employers": 0,
    "roles": 0,
    "expected": 0,
    "groups": 0,
}
"""Which files fill the tables, in this order, and workers per statement; 0 for all at once."""
FIRST_EPOCH: Final = 1
MERGES: Final = "SELECT count() FROM system.merges"
PATIENCE_SECONDS: Final = 120.0


def fill(client: Client, workers: int) -> Iterator[tuple[str, float]]:
    """Fill the tables of a migrated database; gives back each file's seconds as it is done."""
    for name, step in STEPS.items():
        started = time.monotonic()
        for first in range(0, workers, step) if step else (0,):
            write(client, name, workers, first, min(step, workers - first) if step else 0, FIRST_EPOCH)
        yield name, time.monotonic() - started


def write(client: Client, name: str, workers: int, first: int, count: int, epoch: int) -> None:
    """The rows of one file for `count` workers from `first` on, as of one life of the log."""
    sql = (FOLDER / f"{name}.sql").read_text()
    given = {"workers": workers, "first": first, "count": count, "epoch": epoch}
    client.command(sql, parameters={key: value for key, value in given.items() if f"{{{key}:" in sql})


def settle(client: Client) -> None:
    """Wait until nothing is being merged any more, or for so long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not client.query(MERGES).result_rows[0][0]:
            return
        time.sleep(1)
