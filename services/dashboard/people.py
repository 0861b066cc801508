"""One person as a page shows and the API answers: what is held, and where each stack stands.

Apart from the lists and counts (`models`) because here are the decisions of how a person's awards are told: several of
one achievement together, the one that counts most first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from orjson import loads

from schemas.progress import Proof, Status
from services.dashboard.models import Answer
from services.dashboard.queries import Row

AwardStatus = Literal["active", "expired", "revoked", "not_yet_valid"]


class HeldAward(Answer):
    """One award or successful completion of a worker, with what may be believed of it."""

    achievement_id: str
    achievement_name: str
    type: str
    level: str
    skills: tuple[str, ...]
    issuer_id: str
    award_id: str
    basis: Literal["award", "completion"]
    trust: int
    status: AwardStatus
    grade: str
    score_scaled: float | None
    credits_value: float | None
    credits_unit: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_reason: str
    source: str


class Held(Answer):
    """One achievement of a worker: the award that counts most (in force first, then newest), and all there are."""

    best: HeldAward
    awards: tuple[HeldAward, ...]

    @property
    def repeats(self) -> int:
        """How many other awards of the same achievement there are."""
        return len(self.awards) - 1


class Missing(Answer):
    """A part of a stack that is not met, in a plain sentence."""

    path: str = ""
    rule: str = ""
    name: str | None = None
    need: float = 0
    have: float = 0
    gap: float = 0
    options: tuple[str, ...] = ()
    reason: str


class NextStep(Answer):
    """An achievement to take next."""

    achievement_id: str
    name: str


class StackStanding(Answer):
    """Where one worker stands on one stack."""

    stack_id: str
    stack_title: str
    stack_version: str
    status: Status
    complete: bool
    progress: float
    missing: tuple[Missing, ...]
    next_steps: tuple[NextStep, ...]
    proof: Proof
    next_change_at: datetime | None
    completed_at: datetime | None
    as_of: datetime


class Worker(Answer):
    """What a person holds and where it leads. Awards in force come first, then newest first."""

    as_of: datetime
    worker_id: str
    since: datetime
    awards: tuple[HeldAward, ...]
    stacks: tuple[StackStanding, ...]

    @property
    def held(self) -> tuple[Held, ...]:
        """The awards by achievement, in the order of each one's best award."""
        by_achievement: dict[str, list[HeldAward]] = {}
        for award in self.awards:
            by_achievement.setdefault(award.achievement_id, []).append(award)
        return tuple(Held(best=awards[0], awards=tuple(awards)) for awards in by_achievement.values())

    @property
    def held_singly(self) -> tuple[Held, ...]:
        """Every award by itself."""
        return tuple(Held(best=award, awards=(award,)) for award in self.awards)

    @property
    def in_force(self) -> int:
        """How many achievements are held now."""
        return sum(held.best.status == "active" for held in self.held)

    @property
    def next_expiry_at(self) -> datetime | None:
        """When the worker stops holding an achievement, renewals taken into account; None when nothing runs out."""
        return min(filter(None, map(_last_day, self.held)), default=None)


def standings(rows: Iterable[Row]) -> tuple[StackStanding, ...]:
    """Standings from rows of `worker_progress`: the missing parts read, the next steps joined with their names."""
    return tuple(
        StackStanding.model_validate({**row, "missing": loads(row["missing"]), "next_steps": _next_steps(row)})
        for row in rows
    )


def _next_steps(row: Row) -> list[dict[str, Any]]:
    pairs = zip(row["next_steps"], row["next_step_names"], strict=True)
    return [{"achievement_id": achievement_id, "name": name} for achievement_id, name in pairs]


def _last_day(held: Held) -> datetime | None:
    until = [award.valid_until for award in held.awards if award.status == "active"]
    return max(filter(None, until), default=None) if None not in until else None
