"""Which version of a stack holds for a worker.

`at_award`: the one in force now. `at_start`: the one the worker set out under, named in the enrolment or in force on
its day, so that who has begun may finish as begun. Out of every version's time, the nearest holds: the newest that has
begun, else the oldest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.core.facts import Enrolled
from services.core.stacks.compile import CompiledStack
from services.core.stacks.ledger import Ledger


def version_for(ledger: Ledger, family: Sequence[CompiledStack]) -> CompiledStack:
    """The version of a family (oldest first) that holds for the worker of a ledger."""
    if len(family) == 1:
        return family[0]
    current = in_force(family, ledger.as_of)
    if current.document.catalog_rule != "at_start":
        return current
    start = _start(ledger, current.id)
    if start is None:
        return current
    named = [one for one in family if one.version == start.stack_version]
    return named[0] if named else in_force(family, start.enrolled_at)


def in_force(family: Sequence[CompiledStack], at: datetime) -> CompiledStack:
    """The version in force at an instant; of several, the one that began last."""
    begun = [one for one in family if _begins(one) is None or _begins(one) <= at]  # type: ignore[operator]
    lasting = [one for one in begun if _ends(one) is None or at < _ends(one)]  # type: ignore[operator]
    return lasting[-1] if lasting else begun[-1] if begun else family[0]


def _begins(stack: CompiledStack) -> datetime | None:
    return None if stack.document.effective is None else stack.document.effective.from_


def _ends(stack: CompiledStack) -> datetime | None:
    return None if stack.document.effective is None else stack.document.effective.to


def _start(ledger: Ledger, stack_id: str) -> Enrolled | None:
    """The worker's newest enrolment in a stack that has happened."""
    own = [one for one in ledger.facts.enrolments if one.stack_id == stack_id and one.enrolled_at <= ledger.as_of]
    return max(own, key=lambda one: one.enrolled_at, default=None)
