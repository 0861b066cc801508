"""Grade scales: which grade is better than which, and what it is worth in an average.

A catalog declares scales; letters with plus and minus are there by default. A grade that no scale knows is never
better than a minimum: it is not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LETTERS: Mapping[str, float] = {
    "A+": 4.0,
    "A": 4.0,
    "A-": 3.7,
    "B+": 3.3,
    "B": 3.0,
    "B-": 2.7,
    "C+": 2.3,
    "C": 2.0,
    "C-": 1.7,
    "D+": 1.3,
    "D": 1.0,
    "D-": 0.7,
    "F": 0.0,
}
DEFAULT = "grade"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale: points by grade (in `plain` form), and the order, best highest."""

    points: Mapping[str, float]
    order: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scales:
    """Every scale of a catalog, the one named `grade` first."""

    scales: tuple[Scale, ...]

    def scale_of(self, grade: str) -> Scale | None:
        """The first scale that knows the grade."""
        text = plain(grade)
        return next((scale for scale in self.scales if text in scale.points), None)

    def points(self, grade: str) -> float | None:
        """What the grade is worth, or None when no scale knows it."""
        scale = self.scale_of(grade)
        return None if scale is None else scale.points[plain(grade)]

    def is_at_least(self, grade: str | None, least: str) -> bool:
        """Whether a grade is on the scale of `least` and not below it."""
        scale = self.scale_of(least)
        if scale is None or grade is None:
            return False
        rank = scale.order.get(plain(grade))
        return rank is not None and rank >= scale.order[plain(least)]


def plain(grade: str) -> str:
    """A grade as it is compared: without blanks around, in capitals, with a plain minus sign."""
    return grade.strip().upper().translate(_MINUS)


def best_grade(known: Scales) -> str:
    """The best grade of the first scale."""
    order = known.scales[0].order
    return max(order, key=lambda grade: order[grade])


def scales(declared: Mapping[str, Mapping[str, float]]) -> Scales:
    """The scales of a catalog; letters where it declares no scale named `grade`."""
    named = {DEFAULT: LETTERS, **declared}
    return Scales(tuple(_scale(points) for points in named.values()))


def _scale(declared: Mapping[str, float]) -> Scale:
    points = {plain(grade): value for grade, value in declared.items()}
    values = list(points.values())
    falls = values[0] >= values[-1]
    listed = {grade: -place if falls else place for place, grade in enumerate(points)}
    ranked = sorted(points, key=lambda grade: (points[grade], listed[grade]))
    return Scale(points, {grade: rank for rank, grade in enumerate(ranked)})
