"""The allocation among demands that all stand: by the cheapest means that proves itself."""

from __future__ import annotations

from collections.abc import Sequence

from services.core.stacks.allocate.bound import bound
from services.core.stacks.allocate.demands import EPSILON, Allocation, Demand, Tie, ceiling, worth_of
from services.core.stacks.allocate.matching import matched
from services.core.stacks.allocate.repair import climbed, proposed
from services.core.stacks.allocate.search import searched

SEARCH_STEPS = 4_000
"""Steps of a search before its answer stands as heuristic: some tens of milliseconds."""


def allocated(demands: Sequence[Demand], ties: Sequence[Tie] = ()) -> Allocation:
    """The best allocation of contended units to demands."""
    if ties:
        return _tied(demands, ties)
    if len(demands) == 1:
        taken = (demands[0].wanted,)
        return Allocation(taken, worth_of(demands, taken), is_exact=True)
    if all(demand.is_count for demand in demands):
        matching = matched(demands)
        return Allocation(matching, worth_of(demands, matching), is_exact=True)
    proposal = proposed(demands)
    worth, limit = worth_of(demands, proposal), bound(demands)
    if worth >= limit - EPSILON:
        return Allocation(proposal, worth, is_exact=True)
    return searched(demands, (), proposal, limit, SEARCH_STEPS)


def _tied(demands: Sequence[Demand], ties: Sequence[Tie]) -> Allocation:
    """The best without the ties, improved for them, and searched where that does not reach all there is."""
    free = allocated(demands)
    limit = (free.worth if free.is_exact else ceiling(demands)) + sum(tie.weight for tie in ties)
    proposal = climbed(demands, ties, free.taken)
    worth = worth_of(demands, proposal, ties)
    if worth >= limit - EPSILON:
        return Allocation(proposal, worth, is_exact=True)
    return searched(demands, ties, proposal, limit, SEARCH_STEPS)
