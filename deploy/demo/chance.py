"""Drawing lots, readably."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def happens(rng: Random, share: float) -> bool:
    """True in that share of cases."""
    return rng.random() < share


def one_of(rng: Random, weights: dict[T, float]) -> T:
    """One of the keys, each as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def moment_between(rng: Random, start: datetime, end: datetime) -> datetime:
    """A whole second after the start and before the end; the start where the end is no later."""
    seconds = int((end - start).total_seconds())
    return start + timedelta(seconds=rng.randrange(seconds)) if seconds > 0 else start
