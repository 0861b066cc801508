"""When time alone may change an answer: the first instant after `as_of` at which something that counts begins or ends.

An award that a rule wants active stops counting at its `valid_until`; one wanted within a span, a tick after the span's
anniversary; an award or a revocation dated ahead counts from its day; a version and an enrolment from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.compiled import CompiledStack, selectors_of
from services.core.stacks.copies import Copy
from services.core.stacks.durations import LAST, TICK
from services.core.stacks.ledger import Ledger
from services.core.stacks.rules import Filter, Leaf
from services.core.stacks.versions import turns


def next_change_at(
    stack: CompiledStack, ledger: Ledger, eligible: Sequence[Units], others: Iterable[datetime]
) -> datetime | None:
    """The instant, or None when time will never change the answer.

    `eligible` are the units that count for each leaf now; `others` the instants of the stacks that this one depends on.
    """
    moments = list(others)
    if stack.is_timed:
        for leaf, units in zip(stack.leaves, eligible, strict=True):
            if units and leaf.filter is not None and leaf.filter.is_timed:
                moments.extend(_ends_of(leaf, leaf.filter, units, ledger))
    if ledger.pending:
        moments.extend(moment for moment, copy in ledger.pending if _concerns(stack, copy))
    facts = ledger.facts
    if facts.enrolments:
        named = stack.goals | {stack.id}
        moments.extend(one.enrolled_at for one in facts.enrolments if one.stack_id in named)
    if facts.exceptions:
        moments.extend(one.decided_at for one in facts.exceptions if one.stack_id == stack.id)
    family = ledger.catalog.families.get(stack.id, ())
    if len(family) > 1:
        moments.extend(turns(family))
    return min((moment for moment in moments if moment > ledger.as_of), default=None) if moments else None


def revoked_at(stack: CompiledStack, ledger: Ledger) -> datetime | None:
    """When an award that concerns the stack is next revoked: all that can still change a stack earned once."""
    held = {copy.key for copies in ledger.copies for copy in copies}
    moments = (moment for moment, copy in ledger.pending if copy.key in held and _concerns(stack, copy))
    return min(moments, default=None)


def _ends_of(leaf: Leaf, asked: Filter, units: Units, ledger: Ledger) -> Iterator[datetime]:
    for unit in bits(units):
        for copy in ledger.counting(unit, leaf):
            if asked.active and copy.valid_until is not None:
                yield copy.valid_until
            if asked.within is not None:
                yield min(asked.within.after(copy.earned_at), LAST - TICK) + TICK


def _concerns(stack: CompiledStack, copy: Copy) -> bool:
    if copy.achievement == stack.document.awards and stack.document.status == "earned_once":
        return True
    if any(copy.achievement in leaf.admitted for leaf in stack.leaves):
        return True
    return any(selector.test(copy) and (where is None or where.test(copy)) for selector, where in selectors_of(stack))
