"""Reports: one page's worth of answers for one tenant, from named queries.

Pages, API, live streams and exports all come through here, so they agree. Each function is a few queries and no
decisions about looks. The clock is the caller's.

All counts here are of an employer's own workers, whom it may see one by one; so no cell is too small to show. Whoever
adds a page that groups people by who they are (equity) must suppress small cells in the view instead.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter

from services.dashboard.models import (
    CompletionWeek,
    Expiring,
    ExpiringList,
    Overview,
    Sort,
    Source,
    Stack,
    StackList,
    StackStep,
    StackSummary,
    StackWorker,
    Tiles,
    WorkerList,
    WorkerRow,
    stack_summaries,
)
from services.dashboard.people import HeldAward, Worker, standings
from services.dashboard.queries import Queries, Row
from services.dashboard.tenant import Tenant

WEEKS = 26
"""Weeks of completions that the overview shows."""
SOON_ROWS = 8
"""Rows of what is expiring that the overview shows; the list has the rest."""

_weeks = TypeAdapter(tuple[CompletionWeek, ...])
_expiring = TypeAdapter(tuple[Expiring, ...])
_sources = TypeAdapter(tuple[Source, ...])
_workers = TypeAdapter(tuple[WorkerRow, ...])
_awards = TypeAdapter(tuple[HeldAward, ...])
_stack_workers = TypeAdapter(tuple[StackWorker, ...])


def employer_name(queries: Queries, tenant: Tenant) -> str:
    """The employer's name, or its id while nobody has named it."""
    row = queries.row("employer", tenant)
    return row["name"] if row and row["name"] else tenant.employer_id


def overview(queries: Queries, tenant: Tenant, as_of: datetime, expiring_days: int) -> Overview:
    """The employer's overview: figures, stacks, completions by week, what is expiring, and where data comes from."""
    stacks = stack_summaries(queries.rows("stacks", tenant))
    expiring = queries.rows("expiring", tenant, days=expiring_days, limit=SOON_ROWS, offset=0)
    return Overview(
        as_of=as_of,
        tiles=_tiles(queries.rows("tiles", tenant)[0], stacks, _total(expiring), expiring_days),
        stacks=stacks,
        completions=completions(queries, tenant, as_of),
        expiring=_expiring.validate_python(expiring),
        sources=sources(queries, tenant),
    )


def completions(queries: Queries, tenant: Tenant, as_of: datetime, weeks: int = WEEKS) -> tuple[CompletionWeek, ...]:
    """What was earned in each of the last `weeks` weeks, oldest first, weeks with nothing included."""
    return _weeks.validate_python(queries.rows("completions", tenant, as_of=as_of, weeks=weeks))


def sources(queries: Queries, tenant: Tenant) -> tuple[Source, ...]:
    """The systems that stated what the employer sees, the busiest first."""
    return _sources.validate_python(queries.rows("sources", tenant))


def expiring_list(
    queries: Queries, tenant: Tenant, as_of: datetime, days: int, page: int, page_rows: int
) -> ExpiringList:
    """A page of what expires within `days`, soonest first."""
    rows = queries.rows("expiring", tenant, days=days, limit=page_rows, offset=(page - 1) * page_rows)
    return ExpiringList(
        as_of=as_of,
        total=_total(rows),
        page=page,
        page_rows=page_rows,
        days=days,
        expiring=_expiring.validate_python(rows),
    )


def worker_list(
    queries: Queries, tenant: Tenant, as_of: datetime, search: str, sort: Sort, page: int, page_rows: int
) -> WorkerList:
    """A page of current workers whose id, or the name of something they hold, contains `search`."""
    rows = queries.rows(
        "workers", tenant, search=search.strip(), sort=sort, limit=page_rows, offset=(page - 1) * page_rows
    )
    return WorkerList(
        as_of=as_of,
        total=_total(rows),
        page=page,
        page_rows=page_rows,
        search=search.strip(),
        sort=sort,
        workers=_workers.validate_python(rows),
    )


def worker(queries: Queries, tenant: Tenant, as_of: datetime, worker_id: str) -> Worker | None:
    """What a person holds and where it leads; None unless the person is with this employer now."""
    found = queries.row("worker", tenant, worker_id=worker_id)
    if found is None:
        return None
    return Worker(
        as_of=as_of,
        worker_id=worker_id,
        since=found["since"],
        awards=_awards.validate_python(queries.rows("worker_awards", tenant, worker_id=worker_id)),
        stacks=standings(queries.rows("worker_progress", tenant, worker_id=worker_id)),
    )


def stack_list(queries: Queries, tenant: Tenant, as_of: datetime) -> StackList:
    """Every stack that a current worker was evaluated for, the busiest first."""
    return StackList(as_of=as_of, stacks=stack_summaries(queries.rows("stacks", tenant)))


def stack(queries: Queries, tenant: Tenant, as_of: datetime, stack_id: str, page: int, page_rows: int) -> Stack | None:
    """Who is how far on a stack; None when no current worker was evaluated for it."""
    summaries = stack_summaries(queries.rows("stack", tenant, stack_id=stack_id))
    if not summaries:
        return None
    rows = queries.rows("stack_workers", tenant, stack_id=stack_id, limit=page_rows, offset=(page - 1) * page_rows)
    return Stack(
        as_of=as_of,
        total=summaries[0].workers,
        page=page,
        page_rows=page_rows,
        summary=summaries[0],
        steps=_all_steps(queries.rows("stack_steps", tenant, stack_id=stack_id)),
        workers=_stack_workers.validate_python(rows),
    )


def _tiles(row: Row, stacks: tuple[StackSummary, ...], expiring: int, expiring_days: int) -> Tiles:
    return Tiles(
        workers=row["workers"],
        credentials=row["credentials"],
        self_asserted=row["self_asserted"],
        stacks_in_progress=sum(stack.under_half + stack.half_or_more for stack in stacks),
        stacks_complete=sum(stack.complete for stack in stacks),
        expiring=expiring,
        expiring_days=expiring_days,
        evaluated_at=max((stack.evaluated_at for stack in stacks), default=None),
    )


def _all_steps(rows: list[Row]) -> tuple[StackStep, ...]:
    counts = {row["tenth"]: row["workers"] for row in rows}
    return tuple(StackStep(tenth=tenth, workers=counts.get(tenth, 0)) for tenth in range(11))


def _total(rows: list[Row]) -> int:
    return int(rows[0]["total"]) if rows else 0
