"""Stacks as pages show them: who is how far, where people drop off, how long steps take, who is one award away."""

from __future__ import annotations

from pydantic import TypeAdapter

from services.dashboard.look import Look
from services.dashboard.models import Stack, StackList, StackStep, StackWorker, stack_summaries
from services.dashboard.queries import Row

_stack_workers = TypeAdapter(tuple[StackWorker, ...])


def stack_list(look: Look) -> StackList:
    """Every stack that a current worker was evaluated for, the busiest first."""
    return StackList(as_of=look.moment.at, stacks=stack_summaries(look.progress("stacks")))


def stack(look: Look, stack_id: str, page: int, page_rows: int) -> Stack | None:
    """Who is how far on a stack; None when no current worker was evaluated for it."""
    summaries = stack_summaries([row for row in look.progress("stacks") if row["stack_id"] == stack_id])
    if not summaries:
        return None
    rows = look.progress("stack_workers", stack_id=stack_id, limit=page_rows, offset=(page - 1) * page_rows)
    return Stack(
        as_of=look.moment.at,
        total=summaries[0].workers,
        page=page,
        page_rows=page_rows,
        summary=summaries[0],
        steps=_all_steps(look.progress("stack_steps", stack_id=stack_id)),
        workers=_stack_workers.validate_python(rows),
    )


def _all_steps(rows: list[Row]) -> tuple[StackStep, ...]:
    counts = {row["tenth"]: row["workers"] for row in rows}
    return tuple(StackStep(tenth=tenth, workers=counts.get(tenth, 0)) for tenth in range(11))
