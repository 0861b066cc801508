"""Renewal: how long a completed stack stays complete, and what keeps it so.

A stack is valid for its period from the day it was completed. Evidence that meets the renewal's rule within the window
before the end moves the end on, as does the renewal of a stack that cascades to it. After the end it has lapsed: it is
revived by late evidence where the catalog does not ask that it be active, and else has to be earned again by awards
that came after those it was first earned by.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from services.core.stacks.changes import revoked_at
from services.core.stacks.compiled import CompiledRenewal, CompiledStack
from services.core.stacks.durations import TICK
from services.core.stacks.judge import Judge
from services.core.stacks.ledger import Ledger, ledger_at
from services.core.stacks.outcome import Evaluation, earned_at
from services.core.stacks.rules import NestedNode

Validity = tuple[tuple[datetime, datetime], ...]
"""(from, until): the completion and each renewal, oldest first."""


class Evaluator(Protocol):
    """What renewal needs of whoever evaluates."""

    ledger: Ledger

    def by_rules(self, stack: CompiledStack) -> Evaluation:
        """The stack by its rules at this instant alone."""

    def rules_of(self, stack: CompiledStack) -> CompiledStack:
        """The stack as a registrar's decisions leave it."""

    def first_complete(self, stack: CompiledStack, since: datetime | None = None) -> Evaluation | None:
        """The stack when its rules first made it complete; with `since`, by awards earned after it."""

    def renewing(self, stack: CompiledStack) -> list[Evaluation]:
        """The stacks whose renewal renews this one."""

    def nested(self, node: NestedNode) -> Evaluation:
        """A stack nested in a rule."""


def renewed(stack: CompiledStack, evaluator: Evaluator) -> Evaluation:
    """The stack as its renewals leave it."""
    if stack.renewal is None:
        return evaluator.by_rules(stack)
    history = _History(stack, stack.renewal, evaluator)
    completion = history.completion()
    if completion is None:
        return evaluator.by_rules(stack)
    validity: Validity = ()
    while completion is not None:
        validity = history.validity_from(completion)
        if validity[-1][1] > evaluator.ledger.as_of:
            return history.valid(completion, validity)
        completion = history.completion(since=completion.earned_at)
    return history.lapsed(validity)


class _Term(NamedTuple):
    """A stretch of validity: when it was won, from when evidence counts towards the next, and when it ends."""

    at: datetime
    opens: datetime
    end: datetime


@dataclass(frozen=True, slots=True, eq=False)
class _History:
    """One stack's past, and what follows from it."""

    stack: CompiledStack
    renewal: CompiledRenewal
    evaluator: Evaluator

    @property
    def as_of(self) -> datetime:
        return self.evaluator.ledger.as_of

    def completion(self, since: datetime | None = None) -> Evaluation | None:
        """The stack when it was first complete, by awards earned after `since`."""
        return self.evaluator.first_complete(self.stack, since)

    def validity_from(self, completion: Evaluation) -> Validity:
        """From when to when a completion, and then each renewal of it, makes the stack valid."""
        start = completion.earned_at or self.as_of
        term = _Term(start, start + TICK, self.renewal.period.after(start))
        validity = [(term.at, term.end)]
        while (following := self._term_after(term)) is not None:
            term = following
            validity.append((term.at, term.end))
        return tuple(validity)

    def _term_after(self, term: _Term) -> _Term | None:
        found = [one for one in (self._own_renewal(term), *self._cascaded(term)) if one is not None]
        return max(found, key=lambda one: one.end) if found else None

    def _cascaded(self, term: _Term) -> Iterator[_Term]:
        for one in self.evaluator.renewing(self.stack):
            for at, until in one.validity:
                if term.at < at < term.end < until:
                    yield _Term(at, at + TICK, until)

    def _own_renewal(self, term: _Term) -> _Term | None:
        opens = term.opens if self.renewal.window is None else max(term.opens, self.renewal.window.before(term.end))
        at = self._met(opens, term.end)
        if at is not None:
            return _Term(at, term.end, self.renewal.extends.after(term.end))
        document = self.renewal.document
        if document.must_be_active or document.if_missed is not None or term.end > self.as_of:
            return None
        late = self._met(opens, self.as_of + TICK)
        return None if late is None else _Term(late, late + TICK, self.renewal.extends.after(late))

    def _met(self, opens: datetime, closes: datetime) -> datetime | None:
        """When evidence of a window (earned from `opens`, before `closes`) met the rule, or None."""
        if self.renewal.requires is None or opens > self.as_of:
            return None
        then = ledger_at(self.evaluator.ledger, self.stack.id, min(self.as_of, closes - TICK), opens)
        root, _ = Judge(then, self.renewal.requires, self.evaluator.nested).judged()
        return (earned_at(root) or opens) if root.is_met else None

    def valid(self, completion: Evaluation, validity: Validity) -> Evaluation:
        """The stack, complete until its validity ends."""
        end = validity[-1][1]
        opens = None if self.renewal.window is None else self.renewal.window.before(end)
        moments = [
            end,
            opens,
            revoked_at(self.stack, self.evaluator.ledger),
            self.evaluator.by_rules(self.stack).next_change_at,
        ]
        return replace(
            completion,
            ledger=self.evaluator.ledger,
            valid_until=end,
            validity=validity,
            next_change_at=min(moment for moment in moments if moment is not None and moment > self.as_of),
        )

    def lapsed(self, validity: Validity) -> Evaluation:
        """The stack after its end: what has been earned anew since it was last completed, which is not enough."""
        since = validity[0][0]
        then = ledger_at(self.evaluator.ledger, self.stack.id, self.as_of, since + TICK)
        root, _ = Judge(then, self.evaluator.rules_of(self.stack), self.evaluator.nested).judged()
        standing = self.evaluator.by_rules(self.stack)
        return replace(
            standing,
            ledger=dataclasses.replace(then, facts=self.evaluator.ledger.facts),
            root=root,
            complete=False,
            progress=min(round(root.fraction, 6), standing.progress, 0.999),
            status="lapsed",
            earned_at=None,
            valid_until=validity[-1][1],
            validity=validity,
        )
