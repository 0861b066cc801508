"""One person as a page shows and the API answers: what is held, where each stack stands and why, what to take next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.core.facts import Facts
from services.core.stacks import CompiledCatalog, CompiledStack, Evaluation, evaluate_all
from services.dashboard.awards import Held, HeldAward, by_achievement, held_awards
from services.dashboard.known_facts import facts_of
from services.dashboard.look import Look
from services.dashboard.models import Answer
from services.dashboard.next_best import NextBest, next_best
from services.dashboard.queries import Row
from services.dashboard.standings import StackStanding, judged, standings


class Event(Answer):
    """Something that happened to a person, or will have by the end of an award."""

    at: datetime
    what: str
    name: str


class Worker(Answer):
    """What a person holds and where it leads. Awards in force come first, then newest first."""

    as_of: datetime
    worker_id: str
    since: datetime
    awards: tuple[HeldAward, ...]
    stacks: tuple[StackStanding, ...]
    next_best: tuple[NextBest, ...] = ()

    @property
    def held(self) -> tuple[Held, ...]:
        """The awards by achievement, in the order of each one's best award."""
        return by_achievement(self.awards)

    @property
    def held_singly(self) -> tuple[Held, ...]:
        """Every award by itself."""
        return tuple(Held(best=award, awards=(award,)) for award in self.awards)

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened up to the moment, newest first."""
        return tuple(sorted(self._happened(), key=lambda event: (event.at, event.name, event.what), reverse=True))

    @property
    def in_force(self) -> int:
        """How many achievements are held now."""
        return sum(held.best.status == "active" for held in self.held)

    @property
    def next_expiry_at(self) -> datetime | None:
        """When the worker stops holding an achievement, renewals taken into account; None when nothing runs out."""
        return min(filter(None, map(_last_day, self.held)), default=None)

    def _happened(self) -> Iterator[Event]:
        for award in self.awards:
            ends = ((award.valid_from, "Earned"), (award.valid_until, "Expired"), (award.revoked_at, "Revoked"))
            for at, what in ends:
                if at is not None and at <= self.as_of:
                    yield Event(at=at, what=what, name=award.achievement_name)
        for stack in self.stacks:
            if stack.completed_at is not None and stack.completed_at <= self.as_of:
                yield Event(at=stack.completed_at, what="Stack completed", name=stack.stack_title)


def worker(look: Look, worker_id: str) -> Worker | None:
    """What a person holds and where it leads; None unless the person is with this employer now."""
    found = look.row("worker", worker_id=worker_id)
    if found is None:
        return None
    awards = _awards(look, worker_id)
    known, catalog = _facts(look, worker_id, awards), look.known().catalog
    rows = look.rows("worker_progress", worker_id=worker_id) if look.moment.is_now else []
    evaluations = _evaluations(rows, known, look.moment.at, catalog)
    names = {award.key: award.achievement_name for award in awards}
    return Worker(
        as_of=look.moment.at,
        worker_id=worker_id,
        since=found["since"],
        awards=awards,
        stacks=standings(rows, evaluations, names) if look.moment.is_now else judged(evaluations, names),
        next_best=next_best(known, look.moment.at, catalog, [one for one in evaluations.values() if not one.complete]),
    )


def _awards(look: Look, worker_id: str) -> tuple[HeldAward, ...]:
    awards = held_awards(
        look.rows("worker_awards", worker_id=worker_id), look.rows("worker_evidence", worker_id=worker_id)
    )
    if look.moment.is_now:
        return awards
    return tuple(award for award in awards if award.status != "not_yet_valid")


def _facts(look: Look, worker_id: str, awards: Sequence[HeldAward]) -> Facts:
    return facts_of(
        awards,
        look.rows("worker_enrolments", worker_id=worker_id),
        look.rows("worker_exceptions", worker_id=worker_id),
    )


def _evaluations(rows: Sequence[Row], known: Facts, as_of: datetime, catalog: CompiledCatalog) -> dict[str, Evaluation]:
    """By stack: those of the rows, else all that the facts touch."""
    touched = {stack.id for stack in catalog.touched(known.awards)} | {one.stack_id for one in known.enrolments}
    wanted = [row["stack_id"] for row in rows] or sorted(touched)
    stacks: list[CompiledStack] = [catalog.stack(one) for one in wanted if one in catalog.families]
    return {one.stack.id: one for one in evaluate_all(stacks, known, as_of, catalog)}


def _last_day(held: Held) -> datetime | None:
    until = [award.valid_until for award in held.awards if award.status == "active"]
    return max(filter(None, until), default=None) if None not in until else None
