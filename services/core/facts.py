"""What a worker has, as the rules see it: the values that holdings keep and that stacks are evaluated against.

These are the seam between merging (holdings) and judging (stacks): neither needs to know the other. They are
`msgspec` structs because they are also what the aggregate's state is written as, thousands a second.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Held(Struct, frozen=True, gc=False, array_like=True):
    """One achievement held once: an award, or a successful completion. Instants are zone-aware UTC."""

    key: str
    """"issuer_id/award_id"; unique within a worker, and what `allocation` names."""
    basis: Literal["award", "completion"]
    achievement: str
    issuer: str
    award_id: str
    earned_at: datetime
    """`valid_from`, else `occurred_at`."""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    revoked_reason: str | None = None
    name: str | None = None
    type: str | None = None
    level: int | str | None = None
    tags: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    subject: str | None = None
    term: str | None = None
    trust: int = 0
    grade: str | None = None
    score: float | None = None
    """score.scaled"""
    credits: float | None = None
    unit: str | None = None
    source: str = ""
    dialect: str = ""


class Enrolled(Struct, frozen=True, gc=False, array_like=True):
    """The worker set out on this stack, under this version if one was named."""

    stack_id: str
    stack_version: str | None
    enrolled_at: datetime


class Excepted(Struct, frozen=True, gc=False, array_like=True):
    """A registrar's exception in force. Members as in `schemas.records.RegistrarException`."""

    stack_id: str
    type: Literal["waive", "substitute", "also_allow", "apply_here", "change_min", "block"]
    rule: str | None
    achievement: str | None
    min: float | None
    by: str
    why: str
    decided_at: datetime


class Employed(Struct, frozen=True, gc=False, array_like=True):
    """With this employer from `started_at` until `ended_at` (exclusive; None while it lasts)."""

    employer_id: str
    started_at: datetime
    ended_at: datetime | None


class Facts(Struct, frozen=True, gc=False, array_like=True):
    """All of one worker, merged: what `evaluate` is given. Every tuple is sorted, so equal holdings give equal facts.

    `awards` holds revoked and expired awards too: it is the rules that say why they do not count.
    """

    awards: tuple[Held, ...] = ()
    enrolments: tuple[Enrolled, ...] = ()
    exceptions: tuple[Excepted, ...] = ()
    employments: tuple[Employed, ...] = ()
