"""Captions of a stack's page: the sentence that says what each picture of it shows, and what stands out."""

from __future__ import annotations

from itertools import pairwise

from services.dashboard.charts import NEWEST
from services.dashboard.stack_reports import Stack
from services.dashboard.words import counted, listed, number, percent

_NEARLY = (8, 9)
"""Tenths of the way that count as nearly there."""


def graph(stack: Stack) -> str:
    """What the drawing of the rules shows."""
    asked = [one for one in stack.rules if one.rule.kind not in {"stack", "group"} and not one.rule.is_option]
    known = [one for one in asked if one.share is not None]
    if not known:
        return "What the stack asks for, from what comes first on the left to the whole on the right."
    rarest = min(known, key=lambda one: one.share or 0)
    return (
        "What the stack asks for, from what comes first on the left to the whole on the right, and how many of"
        f" {counted(stack.summary.workers, 'worker')} have it. Fewest have {rarest.rule.label}"
        f" ({number(rarest.workers or 0)}, {percent(rarest.share or 0)})."
    )


def layers(stack: Stack) -> str:
    """Between which layers most people stop."""
    pairs = list(pairwise(stack.layers))
    if not pairs or not stack.layers[0].workers:
        return "There is nothing between beginning and completing it."
    before, after = max(pairs, key=lambda pair: pair[0].workers - pair[1].workers)
    lost = before.workers - after.workers
    if not lost:
        return "Nobody has stopped on the way."
    where = f"through layer {before.layer}" if before.layer else "on it"
    return (
        f"Of {counted(before.workers, 'worker')} {where}, {number(lost)} {'is' if lost == 1 else 'are'} not through"
        f" layer {after.layer} yet: the widest gap."
    )


def drop_off(stack: Stack) -> str:
    """Where most people stop."""
    pairs = list(pairwise(stack.drop_off))
    if not pairs or not stack.drop_off[0].workers:
        return "There is nothing between beginning and completing it."
    before, after = max(pairs, key=lambda pair: pair[0].workers - pair[1].workers)
    lost = before.workers - after.workers
    if not lost:
        return "Nobody has stopped on the way."
    return (
        f"Most stop after {counted(before.parts, 'part')} of {stack.drop_off[-1].parts}:"
        f" {number(lost)} of the {number(before.workers)} who got there have not met one more."
    )


def step_days(stack: Stack) -> str:
    """Which step takes longest."""
    if not stack.step_days:
        return "Nobody has two awards that count yet."
    slowest = max(stack.step_days, key=lambda step: step.median_days)
    return (
        f"The longest wait is between award {slowest.step} and award {slowest.step + 1}:"
        f" {counted(round(slowest.median_days), 'day')} for half of the workers, or more."
    )


def survival(stack: Stack) -> str:
    """What the curves show."""
    if not stack.curves:
        return "Nobody has begun it yet."
    known = [curve for curve in stack.curves if curve.median_days is not None]
    told = [
        f"half of those who began in {one.cohort} had it after {counted(one.median_days or 0, 'day')}" for one in known
    ]
    shown = f" The picture shows the newest {NEWEST} years." if len(stack.curves) > NEWEST else ""
    if not told:
        return "No year's beginners have come so far that half of them have completed it." + shown
    return f"{listed(told)[:1].upper()}{listed(told)[1:]}.{shown}"


def one_away(stack: Stack) -> str:
    """Who is one award away, stacks within this one seen through."""
    total, shown = stack.nearest_total, len(stack.nearest)
    told = f"{counted(total, 'worker is', 'workers are')} one award away." if total else "Nobody is one award away."
    if total > shown:
        told += f" The {shown} furthest are shown."
    return told


def stack_steps(stack: Stack) -> str:
    """What the columns by tenth show."""
    summary = stack.summary
    near = sum(step.workers for step in stack.steps if step.tenth in _NEARLY)
    return (
        f"Of {counted(summary.workers, 'worker')}, {summary.complete} {'has' if summary.complete == 1 else 'have'}"
        f" completed the stack and {near} {'is' if near == 1 else 'are'} at 80 % or beyond;"
        f" on average they are {percent(summary.average_progress)} of the way."
    )
