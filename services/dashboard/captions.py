"""Captions: the sentence that says what a picture shows, for everyone and first for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from services.dashboard.charts import BUSIEST
from services.dashboard.equity import EquityPage
from services.dashboard.models import StackSummary
from services.dashboard.next_best import NextBest
from services.dashboard.overviews import CompletionWeek, FunnelStep, Minute, Overview
from services.dashboard.people import Worker
from services.dashboard.skills import SkillsPage
from services.dashboard.spending import Spending
from services.dashboard.words import counted, day, listed, number, percent


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
        f"Of {counted(whole, 'pair')} of a worker and a stack that the worker is on, enrolled or holding something that"
        f" may count, {number(first)} hold a part that does, {number(half)} are half way or beyond and {number(done)}"
        " complete, or were once. Each step is among those before it; one who is on two stacks counts twice."
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
    """Who is one award short and stands still."""
    total, days = overview.stalled_total, overview.stalled_days
    if not total:
        return f"Nobody who is one award short of a stack has stood still for {days} days."
    more = f" The {len(overview.stalled)} furthest are shown." if total > len(overview.stalled) else ""
    return (
        f"{counted(total, 'worker is', 'workers are')} one award short of a stack and"
        f" {'has' if total == 1 else 'have'} earned nothing for {days} days.{more}"
    )


def timeline(worker: Worker) -> str:
    """What the bars of a person's time show."""
    if not worker.events:
        return "Nothing has happened yet."
    first, newest = worker.events[-1], worker.events[0]
    return (
        f"From {day(first.at)} to {day(newest.at)}; last: {newest.what.lower()}, {newest.name}."
        " Each bar runs from when it was earned to when it ends, or to this moment where it has no end."
    )


def skills(page: SkillsPage) -> str:
    """How much of what is held is verified."""
    if not page.skills:
        return "Nothing that your workers hold stands for a skill."
    held = sum(row.holders for row in page.skills)
    verified = sum(row.verified for row in page.skills)
    least = min(page.skills, key=lambda row: (row.verified / row.holders, -row.holders))
    return (
        f"Of {number(held)} holdings of a skill {number(verified)} ({percent(verified / held)}) are verified;"
        f" least so {least.skill}, {number(least.verified)} of {number(least.holders)}."
    )


def equity(page: EquityPage) -> str:
    """How far apart the groups that can be told of are."""
    told = [group for group in page.groups if group.complete_share is not None]
    if len(told) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few groups are large enough to compare."
    ahead = max(told, key=lambda group: group.complete_share or 0)
    behind = min(told, key=lambda group: group.complete_share or 0)
    apart = round(((ahead.complete_share or 0) - (behind.complete_share or 0)) * 100)
    if not apart:
        return "No group that can be told of is ahead of another."
    return f"{ahead.group_name} is furthest ahead and {behind.group_name} furthest behind, {apart} points apart."


def spending(plan: Spending, is_now: bool) -> str:  # noqa: FBT001 - a template gives it
    """What the budget buys, and what more would."""
    if not is_now:
        return "What was missing is known of now only, so there is no advice for the past."
    if not plan.finishes:
        return "No stack is so near that awards alone would finish it within this budget."
    most = plan.curve[-1]
    return (
        f"{counted(plan.spent, 'award')} {'finishes' if plan.spent == 1 else 'finish'}"
        f" {counted(len(plan.finishes), 'stack')} for {counted(plan.workers, 'worker')};"
        f" {counted(most.awards, 'award')} would finish {number(most.stacks)}."
    )


def next_best(step: NextBest) -> str:
    """Why to take an achievement, in one sentence."""
    completes = [gain.stack_title for gain in step.gains if gain.completes]
    moves = [gain.stack_title for gain in step.gains if not gain.completes]
    told = [f"completes {listed(completes)}"] if completes else []
    told += [f"brings {listed(moves)} on"] if moves else []
    told += [f"adds {listed(step.skills)}"] if step.skills else []
    return f"It {listed(told)}."


def expiring(overview: Overview) -> str:
    """What is about to run out."""
    tiles = overview.tiles
    if not tiles.expiring:
        return f"Nothing expires in the next {counted(tiles.expiring_days, 'day')}."
    return (
        f"{counted(tiles.expiring, 'achievement expires', 'achievements expire')} in the next"
        f" {counted(tiles.expiring_days, 'day')} unless renewed."
    )
