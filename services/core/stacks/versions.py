"""Which version of a stack holds for a worker.

`at_award`: the one in force now. `at_start`: the one the worker set out under, named in the enrolment or in force on
its day, so that who has begun may finish as begun. `best_of`: whichever serves best of those in force since then. Out
of every version's time, the nearest holds: the newest that has begun, else the oldest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.core.facts import Enrolled
from services.core.stacks.compiled import CompiledStack
from services.core.stacks.ledger import Ledger


def versions_for(ledger: Ledger, family: Sequence[CompiledStack]) -> Sequence[CompiledStack]:
    """The versions of a family (oldest first) that may hold for a worker: one, or those to choose from."""
    if len(family) == 1:
        return family
    current = in_force(family, ledger.as_of)
    rule = current.document.catalog_rule
    if rule == "at_award":
        return (current,)
    start = _start(ledger, current.id)
    if rule == "best_of":
        return _since(family, start.enrolled_at if start is not None else _first_award(ledger), ledger.as_of)
    if start is None:
        return (current,)
    named = [one for one in family if one.version == start.stack_version]
    return (named[0] if named else in_force(family, start.enrolled_at),)


def turns(family: Sequence[CompiledStack]) -> Iterator[datetime]:
    """When versions come into force and go out of it."""
    for one in family:
        effective = one.document.effective
        if effective is not None:
            yield from (moment for moment in (effective.from_, effective.to) if moment is not None)


def _since(family: Sequence[CompiledStack], start: datetime, as_of: datetime) -> Sequence[CompiledStack]:
    """The versions in force at any time from a start until now, the newest first."""
    first, last = family.index(in_force(family, start)), family.index(in_force(family, as_of))
    return family[first : last + 1][::-1]


def _first_award(ledger: Ledger) -> datetime:
    """When the worker earned the first of what is held, whether or not a stack could use it."""
    as_of = ledger.as_of
    held = (
        one.earned_at
        for one in ledger.facts.awards
        if one.earned_at <= as_of
        and (one.valid_from is None or one.valid_from <= as_of)
        and (one.revoked_at is None or one.revoked_at > as_of)
    )
    return min(held, default=as_of)


def in_force(family: Sequence[CompiledStack], at: datetime) -> CompiledStack:
    """The version in force at an instant; of several, the one that began last."""
    begun = [one for one in family if has_begun(one, at)]
    lasting = [one for one in begun if _ends(one) is None or at < _ends(one)]  # type: ignore[operator]
    return lasting[-1] if lasting else begun[-1] if begun else family[0]


def has_begun(stack: CompiledStack, at: datetime) -> bool:
    """Whether a version has been in force at an instant or before."""
    begins = _begins(stack)
    return begins is None or begins <= at


def _begins(stack: CompiledStack) -> datetime | None:
    return None if stack.document.effective is None else stack.document.effective.from_


def _ends(stack: CompiledStack) -> datetime | None:
    return None if stack.document.effective is None else stack.document.effective.to


def _start(ledger: Ledger, stack_id: str) -> Enrolled | None:
    """The worker's newest enrolment in a stack that has happened."""
    own = [one for one in ledger.facts.enrolments if one.stack_id == stack_id and one.enrolled_at <= ledger.as_of]
    return max(own, key=lambda one: one.enrolled_at, default=None)
