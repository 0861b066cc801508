"""What pages show and the API answers: one frozen model each, made from rows of the named queries.

A page and its JSON are the same value, so they cannot tell different stories. These are answers of ours: unknown
columns are ignored, and a row of a newer writer is still read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from schemas.progress import Status
from services.dashboard.queries import Row

Sort = Literal["worker", "credentials", "closest", "expiry"]
"""How a list of workers is ordered; `closest` puts those nearest to completing a stack first."""


class Answer(BaseModel):
    """A value that is shown, frozen."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StackSummary(Answer):
    """How many workers are on one stack and how far. The five counts add up to `workers`."""

    stack_id: str
    stack_title: str
    workers: int
    not_started: int
    under_half: int
    half_or_more: int
    complete: int
    lapsed: int
    average_progress: float
    completed_latest: datetime | None
    evaluated_at: datetime

    @property
    def on_it(self) -> int:
        """Workers that have something that counts."""
        return self.workers - self.not_started


class Expiring(Answer):
    """An achievement that a worker stops holding at `expires_at` unless it is renewed."""

    worker_id: str
    achievement_id: str
    achievement_name: str
    issuer_id: str
    expires_at: datetime


class Paged(Answer):
    """Where a page of a long list stands; pages count from 1."""

    as_of: datetime
    total: int
    page: int
    page_rows: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, ceil(self.total / self.page_rows))

    @property
    def first(self) -> int:
        """Number of the first row on this page, 0 when there is none."""
        return (self.page - 1) * self.page_rows + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row on this page."""
        return min(self.page * self.page_rows, self.total)


class ExpiringList(Paged):
    """What expires within `days`, soonest first."""

    days: int
    expiring: tuple[Expiring, ...]


class WorkerRow(Answer):
    """One worker in the list."""

    worker_id: str
    since: datetime
    credentials: int
    in_progress: int
    complete: int
    closest_stack_id: str
    closest_stack_title: str
    closest_progress: float
    next_expiry_at: datetime | None


class WorkerList(Paged):
    """A page of current workers, found by id or by what they hold."""

    search: str
    sort: Sort
    workers: tuple[WorkerRow, ...]


class StackStep(Answer):
    """Workers in one tenth of a stack: 0 is 0 to 9 %, ... 9 is 90 % and up, 10 is complete."""

    tenth: int
    workers: int


class StackWorker(Answer):
    """One worker on a stack."""

    worker_id: str
    status: Status
    progress: float
    stack_version: str
    missing_parts: int | None
    next_step_names: tuple[str, ...]
    completed_at: datetime | None
    next_change_at: datetime | None


class StackList(Answer):
    """Every stack that a current worker was evaluated for."""

    as_of: datetime
    stacks: tuple[StackSummary, ...]


_summaries = TypeAdapter(tuple[StackSummary, ...])


def stack_summaries(rows: Sequence[Row]) -> tuple[StackSummary, ...]:
    """Summaries from rows of `stacks` or `stack`."""
    return _summaries.validate_python(rows)
