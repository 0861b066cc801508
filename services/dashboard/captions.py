"""Captions: the sentence that says what a picture shows, for everyone and first for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from services.dashboard.charts import BUSIEST
from services.dashboard.models import Stack, StackSummary
from services.dashboard.overviews import CompletionWeek, FunnelStep, Minute, Overview
from services.dashboard.words import counted, day, listed, number, percent

_NEARLY = (8, 9)
"""Tenths of the way that count as nearly there."""


def stack_bands(stacks: Sequence[StackSummary]) -> str:
    """What the bars by stack show."""
    started = [stack for stack in stacks if stack.on_it]
    if not started:
        return "No worker has begun a stack yet."
    busiest = max(started, key=lambda stack: stack.on_it)
    complete = sum(stack.complete for stack in stacks)
    lapsed = sum(stack.lapsed for stack in stacks)
    ends = [f"{counted(complete, 'completion')} {'holds' if complete == 1 else 'hold'} today"]
    if lapsed:
        ends.append(f"{number(lapsed)} {'has' if lapsed == 1 else 'have'} lapsed")
    return (
        f"Your workers are on {counted(len(started), 'stack')}, most of them ({number(busiest.on_it)}) on"
        f" {busiest.stack_title}; {listed(ends)}."
        + (f" The picture shows the busiest {BUSIEST}." if len(stacks) > BUSIEST else "")
    )


def completions(weeks: Sequence[CompletionWeek]) -> str:
    """What the columns by week show."""
    achievements = sum(week.achievements for week in weeks)
    stacks = sum(week.stacks for week in weeks)
    if not achievements and not stacks:
        return f"Nothing was earned in the last {counted(len(weeks), 'week')}."
    best = max(weeks, key=lambda week: (week.achievements, week.week))
    return (
        f"In the last {counted(len(weeks), 'week')} your workers earned {counted(achievements, 'achievement')}"
        f" and completed {counted(stacks, 'stack')}; the week of {day(best.week)} had most,"
        f" with {counted(best.achievements, 'achievement')}."
    )


def funnel(steps: Sequence[FunnelStep]) -> str:
    """What the bars from enrolling to the whole stack show."""
    whole, first, half, done = (step.pairs for step in steps)
    if not whole:
        return "Nobody is on a stack yet."
    return (
        f"Of {counted(whole, 'worker')} on a stack, each counted once for each stack, {number(first)} hold a part of"
        f" it, {number(half)} are half way and {number(done)} have completed it."
    )


def minutes(found: Sequence[Minute]) -> str:
    """What the line of the last hour shows."""
    changes = sum(minute.changes for minute in found)
    if not changes:
        return "In this hour nothing came in that changed what is known of your workers."
    busiest = max(found, key=lambda minute: (minute.changes, minute.minute))
    return (
        f"In this hour {counted(changes, 'record')} changed what is known of your workers; most came at"
        f" {busiest.minute:%H:%M} UTC ({number(busiest.changes)})."
    )


def stalled(overview: Overview) -> str:
    """Who is one part short and stands still."""
    total, days = overview.stalled_total, overview.stalled_days
    if not total:
        return f"Nobody who is one part short of a stack has stood still for {days} days."
    more = f" The {len(overview.stalled)} furthest are shown." if total > len(overview.stalled) else ""
    return (
        f"{counted(total, 'worker is', 'workers are')} one part short of a stack and"
        f" {'has' if total == 1 else 'have'} earned nothing for {days} days.{more}"
    )


def expiring(overview: Overview) -> str:
    """What is about to run out."""
    tiles = overview.tiles
    if not tiles.expiring:
        return f"Nothing expires in the next {counted(tiles.expiring_days, 'day')}."
    return (
        f"{counted(tiles.expiring, 'achievement expires', 'achievements expire')} in the next"
        f" {counted(tiles.expiring_days, 'day')} unless renewed."
    )


def stack_steps(stack: Stack) -> str:
    """What the columns by tenth show."""
    summary = stack.summary
    near = sum(step.workers for step in stack.steps if step.tenth in _NEARLY)
    return (
        f"Of {counted(summary.workers, 'worker')}, {summary.complete} {'has' if summary.complete == 1 else 'have'}"
        f" completed the stack and {near} {'is' if near == 1 else 'are'} at 80 % or beyond;"
        f" on average they are {percent(summary.average_progress)} of the way."
    )
