"""Advice for workers whose progress was shown without it: the same rows and messages again, with every term.

Apart from `step`, because trying each candidate costs more than everything else that follows from a record: so it is
done when there is time for it, once for however many records came since. Pure. Only what is not complete is said again;
who sees it and what time may change were settled when it was shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from services.aggregate.changes import Changes
from services.aggregate.rows import progress_row
from services.aggregate.showing import Look, concerned
from services.core.guidance.published import advised
from services.core.guidance.worker import advice_on, begun_among
from services.core.people import WorkerState
from services.core.stacks.compile import CompiledCatalog
from services.core.stacks.evaluate import evaluate_all
from services.core.stacks.progress import progress_of


def advise(states: Mapping[str, WorkerState], catalog: CompiledCatalog, as_of: datetime, version: int) -> Changes:
    """What is to be shown of these workers with advice; `version` is the partition's last. About 0.5 ms a worker."""
    changes = Changes()
    for worker_id, state in states.items():
        _advise(Look.at(worker_id, state, state, catalog, as_of, version), changes)
        changes.states[worker_id] = replace(state, is_advised=True)
    return changes


def _advise(look: Look, changes: Changes) -> None:
    if not look.employers:
        return
    stacks = concerned(look.catalog, look.facts).values()
    unfinished = [one for one in evaluate_all(stacks, look.facts, look.as_of, look.catalog) if not one.complete]
    targets = begun_among(unfinished, look.facts) or unfinished
    found = advice_on(look.facts, targets, look.catalog)
    for evaluation in unfinished:
        progress = advised(progress_of(evaluation, look.worker_id), found)
        row = progress_row(progress, look.version)
        changes.progress.extend((employer_id, *row) for employer_id in look.employers)
        changes.progress_messages.append(progress)
