"""What `evaluate` prints: one JSON object a line with a fixed set of members, or a table for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import orjson

from schemas.progress import Progress

MEMBERS = (
    "worker_id",
    "stack_id",
    "stack_version",
    "complete",
    "progress",
    "status",
    "missing",
    "next_steps",
    "allocation",
    "proof",
    "next_change_at",
)
_HEADS = ("WORKER", "STACK", "STATUS", "PROGRESS", "MISSING")


def json_line(progress: Progress) -> str:
    """One progress as a line of JSON, its members in the order of `MEMBERS`."""
    dumped = progress.model_dump(mode="json")
    return orjson.dumps({member: dumped[member] for member in MEMBERS}).decode()


def table(progresses: Iterable[Progress]) -> str:
    """Progress for people: aligned columns, and what is missing in a few words."""
    rows = [_HEADS, *(_row(progress) for progress in progresses)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS) - 1)]
    return "\n".join(_aligned(row, widths) for row in rows)


def _row(progress: Progress) -> tuple[str, ...]:
    return (
        progress.worker_id,
        f"{progress.stack_id} ({progress.stack_version})",
        progress.status,
        f"{math.floor(progress.progress * 100)} %",
        " ".join(part.reason for part in progress.missing),
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    fixed = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
    return "  ".join([*fixed, row[-1]]).rstrip()
