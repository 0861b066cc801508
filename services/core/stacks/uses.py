"""Which use to make of an award that stands for several achievements: as what it is, or as one equivalence has it.

An award is used once: what it is and what each equivalence makes of it exclude one another within a stack. Only where
a stack looks at more than one of them is there anything to choose. Where only rules that claim look at them, and no
other award is any of them, they are one thing to claim, under several names. Else every combination is judged, or, of
very many, each award's use in turn is changed while that helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from services.core.stacks.allocate.units import bits
from services.core.stacks.copies import Copy
from services.core.stacks.judge import Judge
from services.core.stacks.ledger import Ledger, with_copies
from services.core.stacks.measure import is_plain_sum
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import CountLeaf, Leaf, NestedNode, SumLeaf

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
    names = {key: _names(key, judge) for key in found}
    together = {name: of_one[0] for of_one in names.values() for name in of_one}
    open_ = {key: uses for key, uses in found.items() if not names[key]}

    def judged(uses: Uses) -> Judged:
        def is_used(copy: Copy) -> bool:
            return copy.use < 0 or uses.get(copy.key, copy.use) == copy.use

        base = with_copies(judge.ledger, is_used, together=together)
        outcome, exact = Judge(base, judge.stack, nested_of).judged()
        return outcome, exact, base

    if prod(len(uses) for uses in open_.values()) <= COMBINATIONS:
        return _best(judged(uses) for uses in _combinations(open_))
    outcome, _, base = _climbed(open_, judged)
    return outcome, outcome.is_met, base


def _names(key: str, judge: Judge) -> tuple[str, ...]:
    """The achievements that an award is one thing to claim as; none where it is not that simple."""
    ledger = judge.ledger
    copies = [copy for held in ledger.copies for copy in held if copy.key == key and copy.use >= 0]
    units = 0
    for copy in copies:
        units |= 1 << ledger.units[copy.achievement]
    seeing = [leaf for leaf in judge.stack.leaves if judge.eligible[leaf.number] & units]
    is_simple = (
        len({copy.use for copy in copies}) == len(copies) == units.bit_count()
        and all(len(ledger.copies[unit]) == 1 for unit in bits(units))
        and not judge.stack.has_watches
        and all(map(_only_claims, seeing))
    )
    return tuple(copy.achievement for copy in copies) if is_simple else ()


def _only_claims(leaf: Leaf) -> bool:
    """Whether a leaf takes each unit for itself, and cares for nothing but how many or how much."""
    if leaf.claim != "exclusive" or not leaf.is_plain:
        return False
    if isinstance(leaf, SumLeaf):
        return is_plain_sum(leaf) and not leaf.each
    return isinstance(leaf, CountLeaf) and leaf.distinct == "achievement"


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
