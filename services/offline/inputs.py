"""What the offline verbs are given: a catalog, records, an instant, and which stacks and workers to look at."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import structs

from schemas.moments import start_of
from services.core.facts import Facts, Held
from services.core.holdings import facts
from services.core.people import gather
from services.core.stacks import CatalogFaults, CompiledCatalog, CompiledStack, Evaluation, evaluate_all
from services.core.stacks.grades import best_grade
from services.offline.catalog_files import catalog_at
from services.offline.record_files import RecordFault, read_records

ASSUMED_TRUST = 4
"""An assumed award is trusted: the question is what it would bring, not who vouches for it."""
ASSUMED_LIFE = timedelta(days=3 * 365)
"""And it lasts, so that rules over awards that end count it."""


class InputRefused(Exception):
    """The input cannot be taken; the reason is the text, one fault a line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to evaluate. `assumed` are achievements that every worker is taken to hold besides."""

    catalog: CompiledCatalog
    stacks: tuple[CompiledStack, ...]
    people: dict[str, Facts]
    as_of: datetime
    assumed: tuple[str, ...] = ()

    def evaluations(self, catalog: CompiledCatalog | None = None) -> Iterator[tuple[str, Evaluation]]:
        """Every worker's evaluation of every stack asked for, by worker and stack; by another catalog if one is given.

        Stacks that the other catalog has not are left out.
        """
        used = catalog or self.catalog
        stacks = [used.stack(stack.id) for stack in self.stacks if stack.id in used.families]
        for worker_id, known in self.people.items():
            for evaluation in evaluate_all(stacks, self._with_assumed(known), self.as_of, used):
                yield worker_id, evaluation

    def _with_assumed(self, known: Facts) -> Facts:
        if not self.assumed:
            return known
        best = best_grade(self.catalog.scales)
        awards = (*known.awards, *(_assumed(name, self.as_of, best) for name in self.assumed))
        return structs.replace(known, awards=tuple(sorted(awards, key=lambda one: one.key)))


@dataclass(frozen=True, slots=True)
class Reading:
    """The question, and the faults of the records that were left out of it."""

    asked: Asked
    faults: tuple[RecordFault, ...]


def read(
    catalog: Path,
    records: str,
    *,
    as_of: str | None = None,
    stack: Sequence[str] | None = None,
    worker: Sequence[str] | None = None,
    assume: Sequence[str] | None = None,
) -> Reading:
    """Read what a command was given.

    Raises: InputRefused.
    """
    compiled = read_catalog(catalog)
    stacks, moment = _stacks(compiled, stack), _moment(as_of)
    file = read_records(_bytes(records))
    people = {worker_id: facts(holdings) for worker_id, holdings in sorted(gather(file.records).items())}
    asked = Asked(compiled, stacks, _workers(people, worker), moment, tuple(dict.fromkeys(assume or ())))
    return Reading(asked, file.faults)


def read_catalog(path: Path) -> CompiledCatalog:
    """The catalog at a path.

    Raises: InputRefused.
    """
    try:
        return catalog_at(path)
    except CatalogFaults as faults:
        raise InputRefused(str(faults)) from faults


def _stacks(catalog: CompiledCatalog, stack_ids: Sequence[str] | None) -> tuple[CompiledStack, ...]:
    if stack_ids is None:
        return catalog.stacks
    unknown = [stack_id for stack_id in stack_ids if stack_id not in catalog.families]
    if unknown:
        raise InputRefused(f"the catalog has no stack {', '.join(unknown)}")
    return tuple(catalog.stack(stack_id) for stack_id in dict.fromkeys(stack_ids))


def _workers(people: dict[str, Facts], worker_ids: Sequence[str] | None) -> dict[str, Facts]:
    if worker_ids is None:
        return people
    return {worker_id: people.get(worker_id, Facts()) for worker_id in sorted(set(worker_ids))}


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment: datetime = start_of(text)
    except ValueError as error:
        raise InputRefused(f"--as-of: {error}") from error
    return moment.astimezone(UTC)


def _bytes(records: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if records == "-" else Path(records).read_bytes()
    except OSError as error:
        raise InputRefused(f"{records}: {error.strerror or error}") from error


def _assumed(achievement: str, as_of: datetime, grade: str) -> Held:
    """An award of the achievement, earned now, with the best result there is."""
    return Held(
        key=f"assumed/{achievement}",
        basis="award",
        achievement=achievement,
        issuer="assumed",
        award_id=achievement,
        earned_at=as_of,
        valid_until=as_of + ASSUMED_LIFE,
        trust=ASSUMED_TRUST,
        grade=grade,
        score=1.0,
        source="assumed",
    )
