"""How long it takes: the share that has not completed yet, by months since the beginning (Kaplan and Meier, 1958).

Who is still on the way counts for as long as it is known that they were: they are not taken for failures, and not left
out either. Source: https://doi.org/10.1080/01621459.1958.10501452
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from services.dashboard.models import Answer

_HALF = 0.5


class Spell(Answer):
    """So many workers of a cohort who, after so many days, completed it, or were still on the way when last seen."""

    cohort: int
    days: int
    completed: int
    waiting: int


class Point(Answer):
    """After so many days this share of the cohort has not completed it yet; `at_risk` were still known to be on it."""

    days: int
    share: float
    at_risk: int


class Curve(Answer):
    """One cohort: who began in the year, how many completed it, and the curve."""

    cohort: int
    workers: int
    completed: int
    median_days: int | None
    """When half of them have completed it; None while that is not known."""
    points: tuple[Point, ...]

    def after(self, days: int) -> float | None:
        """The share that had not completed it after so many days; None while nobody has been seen for so long."""
        if self.points[-1].days < days:
            return None
        return next(point.share for point in reversed(self.points) if point.days <= days)


def curves(spells: Iterable[Spell]) -> tuple[Curve, ...]:
    """The curve of each cohort, oldest first, from spells in any order."""
    ordered = sorted(spells, key=lambda spell: (spell.cohort, spell.days))
    return tuple(_curve(cohort, tuple(found)) for cohort, found in groupby(ordered, key=lambda spell: spell.cohort))


def _curve(cohort: int, spells: Sequence[Spell]) -> Curve:
    workers = sum(spell.completed + spell.waiting for spell in spells)
    points = [Point(days=0, share=1.0, at_risk=workers)]
    at_risk, share = workers, 1.0
    for spell in spells:
        if spell.completed:
            share *= 1 - spell.completed / at_risk
            points.append(Point(days=spell.days, share=round(share, 6), at_risk=at_risk))
        at_risk -= spell.completed + spell.waiting
    last = spells[-1].days
    if points[-1].days < last:
        points.append(Point(days=last, share=points[-1].share, at_risk=spells[-1].completed + spells[-1].waiting))
    return Curve(
        cohort=cohort,
        workers=workers,
        completed=sum(spell.completed for spell in spells),
        median_days=next((point.days for point in points if point.share <= _HALF), None),
        points=tuple(points),
    )
