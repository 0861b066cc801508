"""When time alone may change an answer: the first instant after `as_of` at which something that counts begins or ends.

An award that a rule wants active stops counting at its `valid_until`; one wanted within a span, a tick after the span's
anniversary; an award or a revocation dated ahead counts from its day; a version and an enrolment from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.core.stacks.allocate.units import bits
from services.core.stacks.compiled import CompiledStack, selectors_of
from services.core.stacks.copies import Copy
from services.core.stacks.durations import TICK
from services.core.stacks.ledger import Ledger
from services.core.stacks.rules import Leaf


def next_change_at(stack: CompiledStack, ledger: Ledger, nested: Iterable[datetime]) -> datetime | None:
    """The instant, or None when time will never change the answer. `nested` are those of the stacks within."""
    moments = list(nested)
    if stack.is_timed:
        for leaf in stack.leaves:
            if leaf.filter is not None and leaf.filter.is_timed:
                moments.extend(_ends_of(leaf, ledger))
    if ledger.pending:
        moments.extend(moment for moment, copy in ledger.pending if _concerns(stack, copy))
    moments.extend(_enrolments(stack, ledger))
    moments.extend(one.decided_at for one in ledger.facts.exceptions if one.stack_id == stack.id)
    moments.extend(_versions(stack, ledger))
    return min((moment for moment in moments if moment > ledger.as_of), default=None)


def revoked_at(stack: CompiledStack, ledger: Ledger) -> datetime | None:
    """When an award that concerns the stack is next revoked: all that can still change a stack earned once."""
    held = {copy.key for copies in ledger.copies for copy in copies}
    moments = (moment for moment, copy in ledger.pending if copy.key in held and _concerns(stack, copy))
    return min(moments, default=None)


def _ends_of(leaf: Leaf, ledger: Ledger) -> Iterator[datetime]:
    asked = leaf.filter
    if asked is None:
        return
    for unit in bits(ledger.eligible(leaf)):
        for copy in ledger.counting(unit, leaf):
            if asked.active and copy.valid_until is not None:
                yield copy.valid_until
            if asked.within is not None:
                anniversary = asked.within.after(copy.earned_at)
                yield min(anniversary, anniversary.max.replace(tzinfo=anniversary.tzinfo) - TICK) + TICK


def _concerns(stack: CompiledStack, copy: Copy) -> bool:
    return any(selector.test(copy) and (where is None or where.test(copy)) for selector, where in selectors_of(stack))


def _enrolments(stack: CompiledStack, ledger: Ledger) -> Iterator[datetime]:
    yield from (one.enrolled_at for one in ledger.facts.enrolments if one.stack_id in stack.goals | {stack.id})


def _versions(stack: CompiledStack, ledger: Ledger) -> Iterator[datetime]:
    family = ledger.catalog.families.get(stack.id, ())
    if len(family) > 1:
        for one in family:
            effective = one.document.effective
            if effective is not None:
                yield from (moment for moment in (effective.from_, effective.to) if moment is not None)
