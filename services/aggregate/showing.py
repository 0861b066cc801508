"""Showing one worker: the rows that say what employers are to see of it, and the progress that others are told.

A worker is shown to its current employers, or under "" while it has none; a worker whose id was linked to another is
shown to nobody. Rows of whoever no longer sees it are written again as deleted. Usually only what the news touch is
shown; everything is, when who sees the worker changes or whom it consists of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from schemas.progress import Progress
from services.aggregate.changes import Changes
from services.aggregate.rows import (
    Row,
    award_gone,
    award_row,
    employment_row,
    is_of_first_log,
    progress_gone,
    progress_row,
)
from services.core.facts import Facts, Held
from services.core.holdings import Holdings, employed, facts, held, set_out_on, stated
from services.core.people import NOBODY, WorkerState, effective, is_forwarded
from services.core.stacks.compile import CompiledCatalog, CompiledStack
from services.core.stacks.plain import progress_all

NO_EMPLOYER = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """What is to be shown: awards by their keys in holdings, stacks by id; None for all of them.

    `former` when it must also be said again to whom the worker is not shown any more.
    """

    awards: Sequence[str] | None
    stacks: Sequence[str] | None
    former: bool


EVERYTHING = Touched(None, None, former=True)


@dataclass(frozen=True, slots=True)
class Look:
    """A worker before and after some news, at an instant, and the rows that follow, which are of one version."""

    worker_id: str
    version: int
    as_of: datetime
    catalog: CompiledCatalog
    noted: WorkerState
    before: Holdings
    after: Holdings
    facts: Facts
    employers: tuple[str, ...]

    @classmethod
    def at(
        cls, worker_id: str, was: WorkerState, now: WorkerState, catalog: CompiledCatalog, as_of: datetime, version: int
    ) -> Look:
        """The look at a worker whose state was this and is now that."""
        after = effective(worker_id, now)
        before = after if was is now else effective(worker_id, was)
        known = facts(after, catalog.mappings)
        employers = () if is_forwarded(worker_id, now) else employers_at(known, as_of)
        return cls(worker_id, version, as_of, catalog, was, before, after, known, employers)


def show(look: Look, now: WorkerState, touched: Touched, changes: Changes) -> WorkerState:
    """Put into `changes` what is to be shown of the worker; gives back its state with notes of what was."""
    everything = touched.former or look.employers != look.noted.employers
    if look.employers != look.noted.employers:
        touched = EVERYTHING
    former = _former(look) if everything else ()
    changed = _show_awards(look, touched, former, changes)
    progress, gone = _show_progress(look, touched, former, changed, changes)
    if everything:
        _show_employments(look, changes)
    stacks = {stack for stack in look.noted.stacks if stack not in gone} | {one.stack_id for one in progress}
    wakes = _wakes_at(look, progress, is_all=touched.stacks is None)
    is_advised = now.is_advised and all(one.complete for one in progress)
    notes = (look.employers, tuple(sorted(stacks)), wakes, is_advised)
    if notes == (now.employers, now.stacks, now.wake_at, now.is_advised):
        return now
    return replace(now, employers=notes[0], stacks=notes[1], wake_at=wakes, is_advised=is_advised)


def employers_at(known: Facts, as_of: datetime) -> tuple[str, ...]:
    """The employers that the worker is with at that instant, sorted; ("",) without any."""
    current = {
        one.employer_id
        for one in known.employments
        if one.started_at <= as_of and (one.ended_at is None or as_of < one.ended_at)
    }
    return tuple(sorted(current)) or (NO_EMPLOYER,)


def concerned(catalog: CompiledCatalog, known: Facts) -> dict[str, CompiledStack]:
    """The stacks that a worker's facts have to do with: by what is held, set out on, or decided by a registrar."""
    found = {stack.id: stack for stack in catalog.touched(known.awards)}
    for stack_id in (one.stack_id for one in known.enrolments):
        if stack_id in catalog.families:
            found[stack_id] = catalog.stack(stack_id)
    for stack_id in _above(catalog, (one.stack_id for one in known.exceptions)):
        found[stack_id] = catalog.stack(stack_id)
    return found


def _former(look: Look) -> tuple[str, ...]:
    """Everybody whom the worker may ever have been shown to and is not now.

    A worker of whom nothing is noted was never shown, unless by a log before this one: a batch that is delivered again
    is the same batch.
    """
    known = {one.employer_id for one in (*employed(look.before), *look.facts.employments)}
    if look.noted is not NOBODY or not is_of_first_log(look.version):
        known.add(NO_EMPLOYER)
    return tuple(sorted(known.union(look.noted.employers).difference(look.employers)))


def _show_awards(
    look: Look, touched: Touched, former: Sequence[str], changes: Changes
) -> list[tuple[Held | None, Held | None]]:
    """Rows of the touched awards; gives back what each was and is."""
    keys, mappings = touched.awards, look.catalog.mappings
    if keys is None:
        keys = [*look.after.awards, *(key for key in look.before.awards if key not in look.after.awards)]
    is_swept = touched.awards is None and look.before is look.after  # another catalog may have shown what this does not
    shown = []
    for key in keys:
        is_now = held(look.after, key, mappings)
        was = is_now if look.before is look.after else held(look.before, key, mappings)
        shown.append((was, is_now))
        if is_now is not None:
            offered = look.catalog.achievements.get(is_now.achievement)
            _put(changes.awards, look.employers, award_row(look.worker_id, is_now, offered, look.version))
        subject = is_now or was or (stated(look.after, key) if is_swept else None)
        to_whom = former if is_now is not None else (*look.employers, *former)
        if subject is not None and to_whom:
            _put(changes.awards, to_whom, award_gone(look.worker_id, subject.issuer, subject.award_id, look.version))
    return shown


def _show_progress(
    look: Look,
    touched: Touched,
    former: Sequence[str],
    awards: Sequence[tuple[Held | None, Held | None]],
    changes: Changes,
) -> tuple[Sequence[Progress], set[str]]:
    """Rows of the touched stacks' progress; gives back the progress, and the stacks that are gone."""
    stacks, gone = _stacks(look, touched, awards)
    progress = progress_all(stacks, look.facts, look.as_of, look.catalog, look.worker_id) if stacks else ()
    for one in progress:
        _put(changes.progress, look.employers, progress_row(one, look.version))
    for stack_id in (*(one.stack_id for one in progress), *gone):
        to_whom = (*look.employers, *former) if stack_id in gone else former
        if to_whom:
            _put(changes.progress, to_whom, progress_gone(look.worker_id, stack_id, look.as_of, look.version))
    changes.progress_messages.extend(progress)
    changes.progress_gone.extend((look.worker_id, stack_id) for stack_id in gone)
    return progress, set(gone)


def _stacks(
    look: Look, touched: Touched, awards: Sequence[tuple[Held | None, Held | None]]
) -> tuple[list[CompiledStack], list[str]]:
    """The stacks to judge, and those to take back, both by id."""
    if not look.employers:
        return [], sorted(look.noted.stacks) if touched.stacks is None else []
    if touched.stacks is None:
        of_worker = concerned(look.catalog, look.facts)
        return list(of_worker.values()), sorted(set(look.noted.stacks) - of_worker.keys())
    touching = [one for pair in awards for one in pair if one is not None]
    found = {stack.id: stack for stack in look.catalog.touched(touching)}
    if not touched.stacks and all(was is None or was == is_now for was, is_now in awards):
        return list(found.values()), []
    named = [set_out_on(look.after, stack_id, look.catalog.mappings) for stack_id in touched.stacks]
    found |= {stack_id: look.catalog.stack(stack_id) for stack_id in _above(look.catalog, named)}
    of_worker = concerned(look.catalog, look.facts)
    lost = (found.keys() & set(look.noted.stacks)) - of_worker.keys()
    return [found[stack_id] for stack_id in sorted(found.keys() & of_worker.keys())], sorted(lost)


def _show_employments(look: Look, changes: Changes) -> None:
    current = look.facts.employments
    is_hidden = not look.employers
    changes.employments.extend(
        employment_row(look.worker_id, one, look.version, is_deleted=is_hidden) for one in current
    )
    if look.before is not look.after:
        kept = {(one.employer_id, one.started_at) for one in current}
        changes.employments.extend(
            employment_row(look.worker_id, one, look.version, is_deleted=True)
            for one in employed(look.before)
            if (one.employer_id, one.started_at) not in kept
        )


def _wakes_at(look: Look, progress: Iterable[Progress], *, is_all: bool) -> datetime | None:
    """When time alone next changes what is shown; never later than noted, unless all was looked at."""
    if not look.employers:
        return None
    instants = [one.next_change_at for one in progress]
    instants += [instant for one in look.facts.employments for instant in (one.started_at, one.ended_at)]
    coming = [instant for instant in instants if instant is not None and instant > look.as_of]
    if not is_all and look.noted.wake_at is not None:
        coming.append(look.noted.wake_at)
    return min(coming, default=None)


def _above(catalog: CompiledCatalog, stack_ids: Iterable[str]) -> list[str]:
    """These stacks and all that are built on them, by id; what the catalog does not know is left out."""
    return sorted({above for stack_id in stack_ids for above in catalog.index.above.get(stack_id, ())})


def _put(rows: list[Row], employers: Iterable[str], row: Row) -> None:
    for employer_id in employers:
        rows.append((employer_id, *row))  # noqa: PERF401 - mostly one employer, for whom a generator costs more
