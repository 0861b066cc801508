"""The overview: what an employer's workers hold, how far they are, who stands still, and how fresh it all is.

The figures call things what they are: a credential is verified only if the issuer's own key, or more, was checked.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter

from services.dashboard.look import Look
from services.dashboard.models import Answer, Expiring, StackSummary, stack_summaries
from services.dashboard.queries import Row

WEEKS: Final = 26
"""Weeks of completions that the overview shows."""
MINUTES: Final = 60
"""Minutes of the live line."""
SOON_ROWS: Final = 8
"""Rows of what is expiring, and of who is stalled, that the overview shows; the lists have the rest."""
STALLED_DAYS: Final = 90
"""Nothing new for so many days is standing still."""
_VERIFIED_FROM: Final = 2
"""The first trust tier at which the issuer's own key was checked."""


class Tiles(Answer):
    """The figures at the top, of current workers only. A credential is an achievement in force, once a worker."""

    workers: int
    credentials: int
    verified: int
    """Of the credentials, those of trust tier 2 and up: the issuer's own key was checked."""
    stated: int
    """Those of tier 1: stated by a system that is known, or signed by a key whose owner is not."""
    self_asserted: int
    """Those of tier 0."""
    by_tier: tuple[int, ...]
    """The credentials of tiers 0 to 4."""
    stacks_in_progress: int
    stacks_complete: int
    expiring: int
    expiring_days: int
    evaluated_at: datetime | None
    """Newest evaluation of any of the workers' stacks."""


class FunnelStep(Answer):
    """How many of the pairs of worker and stack got so far."""

    step: str
    meaning: str
    pairs: int


class CompletionWeek(Answer):
    """What was earned in the seven days from `week`, a Monday."""

    week: date
    achievements: int
    stacks: int


class Minute(Answer):
    """Changes to what is known of the workers, in one minute."""

    minute: datetime
    changes: int


class Stalled(Answer):
    """One award short of a stack, and nothing new since `newest_at`; each of `finish_names` would complete it."""

    worker_id: str
    stack_id: str
    stack_title: str
    progress: float
    reason: str
    finish_names: tuple[str, ...]
    newest_at: datetime


class Source(Answer):
    """Where what the employer sees comes from."""

    source: str
    workers: int
    awards: int
    newest_at: datetime


class Overview(Answer):
    """The employer's overview."""

    as_of: datetime
    tiles: Tiles
    minutes: tuple[Minute, ...]
    funnel: tuple[FunnelStep, ...]
    stalled: tuple[Stalled, ...]
    stalled_total: int
    stalled_days: int
    stacks: tuple[StackSummary, ...]
    completions: tuple[CompletionWeek, ...]
    expiring: tuple[Expiring, ...]
    sources: tuple[Source, ...]


_weeks = TypeAdapter(tuple[CompletionWeek, ...])
_minutes = TypeAdapter(tuple[Minute, ...])
expiring_rows = TypeAdapter(tuple[Expiring, ...])
_stalled = TypeAdapter(tuple[Stalled, ...])
_sources = TypeAdapter(tuple[Source, ...])


def overview(look: Look, expiring_days: int) -> Overview:
    """The overview at the look's moment. Who is stalled is known of now only."""
    stacks = stack_summaries(look.progress("stacks"))
    expiring = look.rows("expiring", days=expiring_days, limit=SOON_ROWS, offset=0)
    stalled = stalled_rows(look, SOON_ROWS) if look.moment.is_now else []
    return Overview(
        as_of=look.moment.at,
        tiles=_tiles(look.rows("tiles")[0], stacks, total_of(expiring), expiring_days),
        minutes=_minutes.validate_python(look.rows("minutes", minutes=MINUTES)),
        funnel=funnel(stacks),
        stalled=_stalled.validate_python(stalled),
        stalled_total=total_of(stalled),
        stalled_days=STALLED_DAYS,
        stacks=stacks,
        completions=_weeks.validate_python(look.rows("completions", weeks=WEEKS)),
        expiring=expiring_rows.validate_python(expiring),
        sources=_sources.validate_python(look.rows("sources")),
    )


def stalled_rows(look: Look, limit: int) -> list[Row]:
    """Who is one award short of a stack and stands still, nearest first."""
    return look.rows("stalled", stalled_days=STALLED_DAYS, limit=limit, offset=0)


def funnel(stacks: tuple[StackSummary, ...]) -> tuple[FunnelStep, ...]:
    """From being on a stack to having completed it; who completed it once has been through every step."""
    done = sum(stack.complete + stack.lapsed for stack in stacks)
    half = done + sum(stack.half_or_more for stack in stacks)
    first = half + sum(stack.under_half for stack in stacks)
    return (
        FunnelStep(
            step="On a stack", meaning="enrolled, or holding a part of it", pairs=sum(one.workers for one in stacks)
        ),
        FunnelStep(step="First part", meaning="something that counts is held", pairs=first),
        FunnelStep(step="Half of it", meaning="at 50 % or beyond", pairs=half),
        FunnelStep(step="The stack", meaning="complete, now or once", pairs=done),
    )


def total_of(rows: list[Row]) -> int:
    """How many there are in all, of rows that each say so."""
    return int(rows[0]["total"]) if rows else 0


def _tiles(row: Row, stacks: tuple[StackSummary, ...], expiring: int, expiring_days: int) -> Tiles:
    tiers = tuple(int(row[f"tier_{tier}"]) for tier in range(5))
    return Tiles(
        workers=row["workers"],
        credentials=sum(tiers),
        verified=sum(tiers[_VERIFIED_FROM:]),
        stated=tiers[1],
        self_asserted=tiers[0],
        by_tier=tiers,
        stacks_in_progress=sum(stack.under_half + stack.half_or_more for stack in stacks),
        stacks_complete=sum(stack.complete for stack in stacks),
        expiring=expiring,
        expiring_days=expiring_days,
        evaluated_at=max((stack.evaluated_at for stack in stacks), default=None),
    )
