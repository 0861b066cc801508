"""What the offline verbs print: one JSON object a line with a fixed set of members, or a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import orjson

from schemas.progress import Progress
from services.core.stacks import Evaluation
from services.core.stacks.explain import decision_sentence, explained, percent
from services.offline.differences import Difference

MEMBERS = (
    "worker_id",
    "stack_id",
    "stack_version",
    "complete",
    "progress",
    "status",
    "missing",
    "next_steps",
    "awards_to_finish",
    "finish_with",
    "allocation",
    "proof",
    "next_change_at",
    "exceptions",
)
_HEADS = ("WORKER", "STACK", "STATUS", "PROGRESS", "MISSING")


def json_line(progress: Progress) -> str:
    """One progress as a line of JSON, its members in the order of `MEMBERS`."""
    dumped = progress.model_dump(mode="json")
    return orjson.dumps({member: dumped[member] for member in MEMBERS}).decode()


def explanation_line(evaluation: Evaluation, worker_id: str) -> str:
    """One explanation as a line of JSON: the rules as a tree."""
    decisions = [decision_sentence(decision) for decision in evaluation.exceptions]
    told = {
        "worker_id": worker_id,
        "stack_id": evaluation.stack.id,
        "stack_version": evaluation.stack.version,
        "complete": evaluation.complete,
        "status": evaluation.status,
        "exceptions": decisions,
        "explanation": explained(evaluation),
    }
    return orjson.dumps(told).decode()


def difference_line(difference: Difference) -> str:
    """One difference as a line of JSON."""
    told = {
        "worker_id": difference.worker_id,
        "stack_id": difference.stack_id,
        "change": difference.change,
        "before": _standing(difference.before),
        "after": _standing(difference.after),
    }
    return orjson.dumps(told).decode()


def difference_table(differences: Iterable[Difference]) -> str:
    """Differences for people, and how many gain and lose."""
    found = list(differences)
    rows = [("WORKER", "STACK", "CHANGE", "BEFORE", "AFTER")]
    rows += [(one.worker_id, one.stack_id, one.change, _in_words(one.before), _in_words(one.after)) for one in found]
    counts = Counter(one.change for one in found)
    return f"{_columns(rows)}\n{counts['gains']} gain, {counts['loses']} lose, {counts['differs']} differ otherwise."


def _standing(progress: Progress | None) -> dict[str, object] | None:
    if progress is None:
        return None
    dumped = progress.model_dump(mode="json")
    return {member: dumped[member] for member in ("stack_version", "complete", "progress", "status")}


def _in_words(progress: Progress | None) -> str:
    return "-" if progress is None else f"{progress.status} {percent(progress.progress)}"


def table(progresses: Iterable[Progress]) -> str:
    """Progress for people: aligned columns, and what is missing in a few words."""
    return _columns([_HEADS, *(_row(progress) for progress in progresses)])


def _row(progress: Progress) -> tuple[str, ...]:
    return (
        progress.worker_id,
        f"{progress.stack_id} ({progress.stack_version})",
        progress.status,
        percent(progress.progress),
        " ".join(part.reason for part in progress.missing),
    )


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    fixed = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
    return "  ".join([*fixed, row[-1]]).rstrip()
