"""Learning records: immutable facts that a source states about a worker. One closed model a kind, one union by `kind`.

A record may be sent without `record_id`, `worker_id` (when `account` is given), `source` and `received_at`; ingest
settles them, so that on `stepwell.records.v1` all four are always present. Extra members are refused by name.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from schemas.values import (
    Account,
    Achievement,
    Closed,
    Credits,
    Identifier,
    Instant,
    Label,
    Result,
    Score,
    Text,
    Trust,
    at_least_one_of,
)
from schemas.verification import Answers

MoveOn = Literal["completed", "passed", "completed_and_passed", "completed_or_passed", "not_applicable"]
"""Which verdicts an attempt needs to count."""


class RecordBase(Closed):
    """What every kind carries. `occurred_at` is the source's time, `received_at` ours."""

    record_id: UUID | None = None
    source: Identifier | None = None
    occurred_at: Instant
    received_at: Instant | None = None
    worker_id: Identifier | None = None
    account: Account | None = None
    dialect: Label | None = None
    evidence: Identifier | None = None


class _OfSomeone(RecordBase):
    model_config = ConfigDict(json_schema_extra=at_least_one_of("worker_id", "account"))

    @model_validator(mode="after")
    def _names_a_person(self) -> Self:
        if self.worker_id is None and self.account is None:
            raise ValueError("give worker_id or account, so that the record has a person")
        return self


class Award(_OfSomeone):
    """One achievement earned once by one worker. Identity: (issuer_id, award_id); the newest statement wins.

    `issuer_id` falls back to the source and `award_id` to the achievement's id.
    """

    kind: Literal["award"]
    achievement: Achievement
    issuer_id: Identifier | None = None
    award_id: Identifier | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    score: Score | None = None
    grade: Label | None = None
    credits: Credits | None = None
    results: tuple[Result, ...] = ()
    trust: Trust | None = None


class Completion(_OfSomeone):
    """One attempt at an achievement. With `success` (true unless stated) it counts as holding the achievement.

    Identity: (source, achievement, attempt_id), newest statement wins; without `attempt_id` every record is an
    attempt of its own. An attempt may be judged in parts: records of one attempt each with the `verdict` that they
    give. It then counts as the newest `move_on` of the attempt says, else with either verdict (cmi5 10.2.4, moveOn).
    """

    kind: Literal["completion"]
    achievement: Achievement
    success: bool = True
    attempt_id: Identifier | None = None
    valid_until: Instant | None = None
    score: Score | None = None
    grade: Label | None = None
    credits: Credits | None = None
    results: tuple[Result, ...] = ()
    trust: Trust | None = None
    verdict: Literal["completed", "passed"] | None = None
    move_on: MoveOn | None = None


class Revocation(_OfSomeone):
    """An award taken back from `occurred_at` on: a dated fact, not a deletion."""

    kind: Literal["revocation"]
    issuer_id: Identifier
    award_id: Identifier
    reason: Text | None = None


class Verification(_OfSomeone):
    """What a check of the credential that an award rests on came to. Only Stepwell's own verification states it.

    It is about one statement of the award, the record `verified_record_id`, so that a forged copy of a credential says
    nothing against the true one. The newest `checked_at` wins. `status_since` is when the status was first found to be
    what it is.
    """

    kind: Literal["verification"]
    issuer_id: Identifier
    award_id: Identifier
    verified_record_id: UUID
    trust: Trust
    answers: Answers
    checked_at: Instant
    status_since: Instant | None = None


class Enrolment(_OfSomeone):
    """A worker sets out on a stack; its version decides the rules where the stack says `at_start`."""

    kind: Literal["enrolment"]
    stack_id: Identifier
    stack_version: Identifier | None = None


class Link(RecordBase):
    """This account is that worker. A newer link from the same source replaces its older one.

    A link of an account to its own worker id undoes every earlier one. Where sources disagree, the account is nobody's
    until they agree or somebody undoes what is wrong.
    """

    kind: Literal["link"]
    account: Account
    worker_id: Identifier


class Employment(_OfSomeone):
    """A worker is with an employer from `from` until `to` (exclusive; null while it lasts)."""

    kind: Literal["employment"]
    employer_id: Identifier
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to is not None and self.to < self.from_:
            raise ValueError("`to` must not be before `from`")
        return self


ExceptionType = Literal["waive", "substitute", "also_allow", "apply_here", "change_min", "block"]


class RegistrarException(_OfSomeone):
    """A registrar's decision about one rule of one stack for one worker, with who and why.

    `achievement` names what to substitute, also allow, apply here or block; `min` is the new minimum of `change_min`.
    `withdrawn` takes the same decision back.
    """

    kind: Literal["exception"]
    stack_id: Identifier
    type: ExceptionType
    rule: Identifier | None = None
    achievement: Identifier | None = None
    min: float | None = None
    withdrawn: bool = False
    by: Label
    why: Text


class Erasure(_OfSomeone):
    """Everything known of the worker up to `occurred_at` is erased."""

    kind: Literal["erasure"]


Record = Annotated[
    Award | Completion | Revocation | Verification | Enrolment | Link | Employment | RegistrarException | Erasure,
    Field(discriminator="kind"),
]
KINDS: tuple[str, ...] = (
    "award",
    "completion",
    "revocation",
    "verification",
    "enrolment",
    "link",
    "employment",
    "exception",
    "erasure",
)

RESERVED_KINDS = frozenset(("verification",))
"""Kinds that no source may send: Stepwell states them itself."""
SENT_KINDS: tuple[str, ...] = tuple(kind for kind in KINDS if kind not in RESERVED_KINDS)
"""Kinds that sources send."""

record_adapter: TypeAdapter[Record] = TypeAdapter(Record)
