"""A demand: what one exclusive rule would take of the units that others want too.

The worth of an allocation is the sum of the demands' weights times how far each is filled. Filling never falls when
units are added, which is what every bound here rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.core.stacks.allocate.units import Units

EPSILON = 1e-9
"""Worths that differ by less are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One rule's demand.

    `key` names the rule to whoever asked; `wanted` are the contended units that it may take, `own` those that no one
    else wants and it has anyway. `filled` says how far (0..1) a set of units fills it. `need` is how much it still
    wants beyond `own`; `worth` says what each unit is worth (None: one each), and is None with `need` 0 for a demand
    that is neither a count nor a plain sum.
    """

    key: int
    wanted: Units
    own: Units
    weight: float
    filled: Callable[[Units], float]
    need: int
    total: int
    worth: Mapping[int, int] | None = None
    is_plain: bool = True
    level: Callable[[Units], object] | None = None
    """What of a set of units matters to it, so that searches meet the same state once; None: the set itself."""

    @property
    def is_count(self) -> bool:
        """Whether each unit is worth one."""
        return self.is_plain and self.worth is None

    @property
    def rate(self) -> float:
        """What one step (a unit of a count, a grain of a sum) adds to the whole."""
        return self.weight / self.total if self.total else 0.0

    def worth_of(self, unit: Units) -> int:
        """What a one-unit set is worth to it."""
        return 1 if self.worth is None else self.worth.get(unit.bit_length() - 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """What depends on the units of several demands at once: a rule over what others claim, a limited overlap.

    `places` are those of the demands concerned; `filled` says how far (0..1) their units (own and taken, in that order)
    fill it, and `possible` how far they could at most if to the first units the second were added.
    """

    places: tuple[int, ...]
    weight: float
    filled: Callable[[tuple[Units, ...]], float]
    possible: Callable[[tuple[Units, ...], tuple[Units, ...]], float]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each demand takes of the contended units (by its place in the list), and what that is worth.

    `is_proven` when it fills every demand, or when no allocation does; it then need not be the one worth most.
    """

    taken: tuple[Units, ...]
    worth: float
    is_proven: bool


def worth_of(demands: Sequence[Demand], taken: Sequence[Units], ties: Sequence[Tie] = ()) -> float:
    """The worth of an allocation."""
    worth = sum(demand.weight * demand.filled(demand.own | units) for demand, units in zip(demands, taken, strict=True))
    for tie in ties:
        worth += tie.weight * tie.filled(tuple(demands[place].own | taken[place] for place in tie.places))
    return worth


def ceiling(demands: Sequence[Demand], ties: Sequence[Tie] = ()) -> float:
    """A worth that no allocation exceeds: every demand takes all that it wants."""
    worth = sum(demand.weight * demand.filled(demand.own | demand.wanted) for demand in demands)
    return worth + sum(tie.weight for tie in ties)


def fullness(demands: Sequence[Demand], ties: Sequence[Tie] = ()) -> float:
    """The worth of an allocation that fills everything."""
    return sum(demand.weight for demand in demands) + sum(tie.weight for tie in ties)
