"""Equity: how far groups of workers are and how fast, as far as that can be told without telling of anybody.

Small cells, and those by which a small one could be found, are hidden by the view, never here; what is hidden comes
with the reason. Groups are by whatever the employer named; nothing here reads who is in which.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter

from services.dashboard.look import Look
from services.dashboard.models import Answer, StackSummary, stack_summaries


class GroupStanding(Answer):
    """One group on the stack. None where hidden; shares of 0.05 and 0.95 stand for at most and at least so much."""

    group_name: str
    workers: int | None
    started_share: float | None
    half_share: float | None
    complete_share: float | None
    median_days: float | None
    hidden: str


class EquityPage(Answer):
    """The page: one stack, by one kind of group, of those there are. `minimum` is the smallest cell shown."""

    as_of: datetime
    stacks: tuple[StackSummary, ...]
    stack_id: str
    stack_title: str
    dimensions: tuple[str, ...]
    dimension: str
    minimum: int
    groups: tuple[GroupStanding, ...]


_groups = TypeAdapter(tuple[GroupStanding, ...])


def equity_page(look: Look, stack_id: str, dimension: str) -> EquityPage:
    """What the page shows; groups are known of now only. What is unknown or not said is the first there is."""
    stacks = {stack.stack_id: stack for stack in stack_summaries(look.progress("stacks"))}
    stack = stacks.get(stack_id) or next(iter(stacks.values()), None)
    asked = look.moment.is_now and stack is not None
    chosen = stack.stack_id if stack is not None else ""
    known = [row["dimension"] for row in look.rows("equity_dimensions")] if asked else []
    by = dimension if dimension in known else next(iter(known), "")
    rows = look.rows("equity", stack_id=chosen, dimension=by) if by else []
    return EquityPage(
        as_of=look.moment.at,
        stacks=tuple(stacks.values()),
        stack_id=chosen,
        stack_title=stack.stack_title if stack is not None else "",
        dimensions=tuple(known),
        dimension=by,
        minimum=int(rows[0]["minimum"]) if rows else 0,
        groups=_groups.validate_python(rows),
    )
