"""What another catalog would change: for whom a stack would stand better or worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from schemas.progress import Progress
from services.core.stacks import CompiledCatalog, Evaluation, progress_of
from services.offline.inputs import Asked

Change = Literal["gains", "loses", "differs"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One worker's stack by one catalog and by another; None where a catalog has no such stack."""

    worker_id: str
    stack_id: str
    change: Change
    before: Progress | None
    after: Progress | None


def differences(asked: Asked, before: CompiledCatalog) -> Iterator[Difference]:
    """Every worker and stack that stands otherwise by the catalog asked about than by `before`, by worker and stack."""
    was, now = _by_place(asked.evaluations(before)), _by_place(asked.evaluations())
    for worker_id, stack_id in sorted({**was, **now}):
        one, other = was.get((worker_id, stack_id)), now.get((worker_id, stack_id))
        change = _change(one, other)
        if change is not None:
            yield Difference(worker_id, stack_id, change, one, other)


def _by_place(evaluations: Iterator[tuple[str, Evaluation]]) -> dict[tuple[str, str], Progress]:
    return {(worker_id, one.stack.id): progress_of(one, worker_id) for worker_id, one in evaluations}


def _change(before: Progress | None, after: Progress | None) -> Change | None:
    was, now = _standing(before), _standing(after)
    if was == now:
        return None if _detail(before) == _detail(after) else "differs"
    return "gains" if now > was else "loses"


def _standing(progress: Progress | None) -> tuple[bool, float]:
    return (False, 0.0) if progress is None else (progress.complete, progress.progress)


def _detail(progress: Progress | None) -> tuple[object, ...]:
    return () if progress is None else (progress.status, progress.stack_version)
