"""Progress: one stack's rules evaluated against one worker's holdings at an instant.

The same members, in the same words, on `stepwell.progress.v1`, in `stepwell evaluate --json` and in ClickHouse.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schemas.records import ExceptionType
from schemas.values import Closed, Identifier, Instant, Label, Text, Trust

Status = Literal["not_started", "in_progress", "complete", "lapsed"]
Proof = Literal["exact", "heuristic"]


class MissingPart(Closed):
    """A rule that is not met: where it stands in the stack, what it asks, and how much is wanting."""

    path: str
    """JSON-pointer-like place of the rule within the stack's `requires`, "" for the root, "/all/1" for a branch."""
    rule: str
    """The rule's kind: award, count, sum, n_of ..."""
    name: str | None = None
    need: float
    have: float
    gap: float
    """need - have, in the rule's own unit (awards, credits, ...)."""
    options: tuple[Identifier, ...] = ()
    """Achievements of the catalog that would help here, at most 20."""
    reason: str
    """One plain sentence."""


class StackGain(Closed):
    """What one stack would gain by an achievement."""

    stack_id: Identifier
    before: Annotated[float, Field(ge=0, le=1)]
    after: Annotated[float, Field(ge=0, le=1)]
    gain: float
    """Progress gained: after - before."""
    completes: bool
    unlocks: tuple[str, ...] = ()
    """Places of the rules above it that it would meet."""


class TrustTerms(Closed):
    """Who would vouch for an achievement, and how well that has to be known."""

    issuer: Identifier | None = None
    is_accredited: bool = False
    asked: Trust = 0
    """The highest tier that a rule of the stacks gained asks of it."""


class Advice(Closed):
    """One achievement to take next, with every term of what it would bring."""

    achievement: Identifier
    name: Label | None = None
    score: float
    """What it brings per week of learning; the order of advice."""
    gain: float
    """Progress gained over all the stacks that it moves."""
    gains: tuple[StackGain, ...]
    completes: tuple[Identifier, ...] = ()
    """Stacks that it completes now."""
    higher: tuple[Identifier, ...] = ()
    """Higher stacks, built on one that it moves, in which it counts besides."""
    skills: tuple[Identifier, ...] = ()
    """Skills that it adds, that the worker lacks and that the worker's stacks ask for."""
    hours: float | None = None
    weeks: float
    """How long it takes, beside a job."""
    cost: JsonValue = None
    trust: TrustTerms = TrustTerms()


class Decision(Closed):
    """A registrar's decision in force on the stack: what, on which rule, by whom and why."""

    type: ExceptionType
    rule: Identifier | None = None
    """The rule's name or place; null for the whole stack."""
    achievement: Identifier | None = None
    min: float | None = None
    by: Label
    why: Text
    decided_at: Instant


class Progress(Closed):
    """What a worker has of a stack. `progress` is 0..1 and below 1 while any constraint is unmet."""

    worker_id: Identifier
    stack_id: Identifier
    stack_version: Identifier
    complete: bool
    progress: Annotated[float, Field(ge=0, le=1)]
    status: Status
    missing: tuple[MissingPart, ...] = ()
    next_steps: tuple[Identifier, ...] = ()
    """Achievements to take next, best first."""
    awards_to_finish: int | None = None
    """The fewest awards that would complete it; 0 when complete, null where that is not known for certain."""
    finish_with: tuple[Identifier, ...] = ()
    """Achievements that would: as many as are wanted; where one is enough, others that would do follow. At most 12."""
    advice: tuple[Advice, ...] | None = None
    """The best of what would bring this stack on, with every term; null until worked out, a moment after the rest."""
    allocation: dict[str, str] = Field(default_factory=dict)
    """Award key ("issuer_id/award_id") -> path of the rule that uses it."""
    proof: Proof = "exact"
    next_change_at: Instant | None = None
    """When time alone may change the answer; null when it never will."""
    as_of: Instant
    completed_at: Instant | None = None
    exceptions: tuple[Decision, ...] = ()
