"""What judging gives: a tree of outcomes that mirrors the rules, and the evaluation of a whole stack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from schemas.progress import Proof, Status
from services.core.facts import Excepted
from services.core.stacks.allocate.units import Units
from services.core.stacks.compiled import CompiledStack
from services.core.stacks.copies import Copy
from services.core.stacks.durations import FIRST
from services.core.stacks.ledger import Ledger
from services.core.stacks.rules import Group, Node


class Outcome(Struct, frozen=True, eq=False):
    """One rule judged: what it has of what it needs, the awards it uses, and the rules beneath it likewise.

    `eligible` are the units that a rule that looks at awards could use. `is_out_of_order` says that what it needs is
    there but came too early for its place in a sequence.
    """

    node: Node
    is_met: bool
    fraction: float
    have: float
    need: float
    used: tuple[Copy, ...] = ()
    eligible: Units = 0
    children: tuple[Outcome, ...] = ()
    nested: Evaluation | None = None
    is_out_of_order: bool = False


class Evaluation(Struct, frozen=True, eq=False):
    """A stack judged.

    `earned_at` is when the last award that it rests on was earned, for a complete stack; `valid_until` when it ends
    unless renewed, and `validity` from when to when its completion and each renewal made it valid. `credential` is the
    award that proves a stack earned once, where its rules do not. `exceptions` are the registrar's decisions in force.
    """

    stack: CompiledStack
    ledger: Ledger
    root: Outcome
    complete: bool
    progress: float
    status: Status
    proof: Proof
    next_change_at: datetime | None
    earned_at: datetime | None
    valid_until: datetime | None = None
    validity: tuple[tuple[datetime, datetime], ...] = ()
    credential: Copy | None = None
    exceptions: tuple[Excepted, ...] = ()

    @property
    def as_of(self) -> datetime:
        """The instant that it was judged at."""
        return self.ledger.as_of


def supporting(outcome: Outcome) -> Sequence[Outcome]:
    """The outcomes that an outcome rests on: of a choice the options taken, those met first; else all beneath it."""
    node = outcome.node
    if not isinstance(node, Group) or node.least >= len(node.children):
        return outcome.children
    ranked = sorted(outcome.children, key=lambda child: (-child.is_met, -child.fraction, earned_at(child) or FIRST))
    return ranked[: node.least]


def earned_at(outcome: Outcome) -> datetime | None:
    """When the last award that an outcome rests on was earned; None when it rests on none."""
    if outcome.nested is not None:
        return outcome.nested.earned_at
    moments = [copy.earned_at for copy in outcome.used]
    moments += [moment for moment in map(earned_at, supporting(outcome)) if moment is not None]
    return max(moments, default=None)
