"""Which use to make of an award that stands for several achievements: as what it is, or as one equivalence has it.

An award is used once: what it is and what each equivalence makes of it exclude one another within a stack. Only where
a stack looks at more than one of them is there anything to choose; then every combination is judged, or, of very many,
each award's use in turn is changed while that helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from services.core.stacks.allocate.units import bits
from services.core.stacks.judge import Judge
from services.core.stacks.ledger import Ledger, with_copies
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import NestedNode

COMBINATIONS = 64
"""How many combinations of uses are judged one by one."""

Uses = Mapping[str, int]
"""Award key -> which use is made of it."""
Judged = tuple[Outcome, bool, Ledger]


def rivals(judge: Judge) -> dict[str, tuple[int, ...]]:
    """The awards of which the stack looks at more than one use: key -> uses, the award as it is first."""
    seen: dict[str, set[int]] = {}
    for leaf in judge.stack.leaves:
        for unit in bits(judge.eligible[leaf.number]):
            for copy in judge.measures.counting(unit, leaf):
                if copy.use >= 0:
                    seen.setdefault(copy.key, set()).add(copy.use)
    return {key: tuple(sorted(uses)) for key, uses in sorted(seen.items()) if len(uses) > 1}


def best_use(judge: Judge, root: Outcome, *, is_exact: bool, nested_of: Callable[[NestedNode], Evaluation]) -> Judged:
    """The outcome of the best uses, whether it is proven the best, and the ledger of those uses.

    `root` is the outcome with every use allowed at once: right where the stack looks at one use of each award.
    """
    found = rivals(judge)
    if not found:
        return root, is_exact, judge.ledger

    def judged(uses: Uses) -> Judged:
        base = with_copies(judge.ledger, lambda copy: copy.use < 0 or uses.get(copy.key, copy.use) == copy.use)
        outcome, exact = Judge(base, judge.stack, nested_of).judged()
        return outcome, exact, base

    if prod(len(uses) for uses in found.values()) <= COMBINATIONS:
        return _best(judged(uses) for uses in _combinations(found))
    outcome, _, base = _climbed(found, judged)
    return outcome, outcome.is_met, base


def _combinations(found: Mapping[str, Sequence[int]]) -> Iterator[Uses]:
    for way in product(*found.values()):
        yield dict(zip(found, way, strict=True))


def _best(candidates: Iterator[Judged]) -> Judged:
    best = next(candidates)
    is_exact = best[1]
    for candidate in candidates:
        if best[0].is_met:
            return best
        is_exact = is_exact and candidate[1]
        if _rank(candidate) > _rank(best):
            best = candidate
    return best[0], is_exact, best[2]


def _climbed(found: Mapping[str, Sequence[int]], judged: Callable[[Uses], Judged]) -> Judged:
    uses = {key: options[0] for key, options in found.items()}
    best = judged(uses)
    for key, options in found.items():
        for option in options[1:]:
            candidate = judged({**uses, key: option})
            if _rank(candidate) > _rank(best):
                best, uses = candidate, {**uses, key: option}
    return best


def _rank(judged: Judged) -> tuple[bool, float]:
    return judged[0].is_met, round(judged[0].fraction, 9)
