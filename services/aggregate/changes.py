"""What follows from a batch, a change of the catalog or the passing of time, collected before any of it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.progress import Progress
from services.aggregate.rows import Row
from services.core.people import WorkerState
from services.runtime.cloudevents import Header


class Outgoing(NamedTuple):
    """A message for the records topic."""

    key: bytes
    value: bytes
    headers: Sequence[Header]


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows in the order of `services.aggregate.rows.COLUMNS`; only the states that changed.

    Do them in this order, and a crash in between loses nothing: rows, `outgoing` and progress messages, states.
    """

    states: dict[str, WorkerState] = field(default_factory=dict)
    records: list[Row] = field(default_factory=list)
    awards: list[Row] = field(default_factory=list)
    progress: list[Row] = field(default_factory=list)
    employments: list[Row] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    progress_messages: list[Progress] = field(default_factory=list)
    progress_gone: list[tuple[str, str]] = field(default_factory=list)
    """Workers and stacks that no longer concern each other."""
    timers: dict[str, datetime | None] = field(default_factory=dict)
    """Worker -> look at it again no later than this; None when time alone changes nothing."""
