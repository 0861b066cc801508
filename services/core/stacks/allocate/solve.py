"""The allocation among demands that all stand: by the cheapest means that proves itself.

What must be right is whether every demand can be filled: that is proven, or said not to be. How much is filled when not
all can be is made as great as the effort allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.core.stacks.allocate.bound import bound
from services.core.stacks.allocate.cover import covered
from services.core.stacks.allocate.demands import EPSILON, Allocation, Demand, Tie, fullness, worth_of
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.plain_search import best_plain
from services.core.stacks.allocate.repair import climbed, filled_first, proposed, repaired
from services.core.stacks.allocate.search import searched
from services.core.stacks.allocate.trade import traded
from services.core.stacks.allocate.units import Units

MANY = 5
"""How many times as many trades are made where the search for ways gave up."""


class Effort(NamedTuple):
    """Steps that may be spent: on filling everything, on filling as much as can be, and on what is not plain."""

    trades: int
    cover: int
    plain: int
    tied: int


WHOLE = Effort(trades=150, cover=25_000, plain=200, tied=1_500)
"""While everything may yet be filled: some tens of milliseconds at worst."""
PART = Effort(trades=0, cover=0, plain=200, tied=300)
"""Once it is known that not everything can be: a few milliseconds."""


def allocated(demands: Sequence[Demand], ties: Sequence[Tie] = (), effort: Effort = WHOLE) -> Allocation:
    """The best allocation of contended units to demands."""
    if ties or not all(demand.is_plain for demand in demands):
        return _tied(demands, ties, effort)
    if len(demands) == 1:
        taken = (demands[0].wanted,)
        return Allocation(taken, worth_of(demands, taken), is_proven=True)
    if all(demand.is_count for demand in demands):
        matching = matched(demands)
        return Allocation(matching, worth_of(demands, matching), is_proven=True)
    return _plain(demands, effort)


def _plain(demands: Sequence[Demand], effort: Effort) -> Allocation:
    """Sums, or sums and counts: filled by trading or covering, unless the bound forbids it; else as far as can be."""
    first, full = filled_first(demands), fullness(demands)
    if worth_of(demands, first) >= full - EPSILON:
        return Allocation(first, full, is_proven=True)
    limit = bound(demands)
    is_proven = limit < full - EPSILON
    if not is_proven and effort.cover:
        filled, is_proven = _filled(demands, first, effort)
        if filled is not None:
            return Allocation(filled, full, is_proven=True)
    best = best_plain(demands, repaired(demands, first), limit, effort.plain)
    return Allocation(best.taken, best.worth, is_proven or best.is_proven)


def _filled(demands: Sequence[Demand], first: Sequence[Units], effort: Effort) -> tuple[tuple[Units, ...] | None, bool]:
    """An allocation that fills every demand, or None; and whether that is proven. A few trades find most."""
    found = traded(demands, first, effort.trades)
    if found is not None:
        return found, True
    found, is_proven = covered(demands, effort.cover)
    return (found, is_proven) if is_proven else (traded(demands, first, MANY * effort.trades), False)


def _tied(demands: Sequence[Demand], ties: Sequence[Tie], effort: Effort) -> Allocation:
    """The best without the ties, improved for them, and searched where that does not reach all there is."""
    if all(demand.is_plain for demand in demands):
        start: Sequence[int] = allocated(demands, (), effort).taken
    else:
        start = proposed(demands)
    limit = bound(demands) + sum(tie.weight for tie in ties)
    proposal = climbed(demands, ties, start)
    worth = worth_of(demands, proposal, ties)
    if worth >= limit - EPSILON:
        return Allocation(proposal, worth, is_proven=True)
    found = searched(demands, ties, proposal, limit, effort.tied)
    return Allocation(found.taken, found.worth, found.is_proven or limit < fullness(demands, ties) - EPSILON)
