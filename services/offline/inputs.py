"""What the offline verbs are given: a catalog, records, an instant, and which stacks and workers to look at."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.moments import start_of
from schemas.records import Record
from services.core.facts import Facts
from services.core.hashes import links_in
from services.core.holdings import EMPTY, Holdings, facts
from services.core.people import gather
from services.core.stacks import (
    CatalogFaults,
    CompiledCatalog,
    CompiledStack,
    Evaluation,
    compile_catalogs,
    evaluate_all,
)
from services.core.stacks.hypothetical import assuming
from services.offline.catalog_files import catalog_at
from services.offline.record_files import RecordFault, read_records
from services.runtime.where import HERE, Where


class InputRefused(Exception):
    """The input cannot be taken; the reason is the text, one fault a line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to evaluate. `assumed` are achievements that every worker is taken to hold besides."""

    catalog: CompiledCatalog
    stacks: tuple[CompiledStack, ...]
    holdings: Mapping[str, Holdings]
    """What each worker has, as its sources state it."""
    as_of: datetime
    assumed: tuple[str, ...] = ()

    @property
    def people(self) -> dict[str, Facts]:
        """What each worker has, as the catalog reads it."""
        return self.read_by(self.catalog)

    def read_by(self, catalog: CompiledCatalog) -> dict[str, Facts]:
        """What each worker has, as a catalog reads it: with what its mappings say of other systems' ids."""
        return {worker_id: facts(held, catalog.mappings) for worker_id, held in self.holdings.items()}

    def evaluations(self, catalog: CompiledCatalog | None = None) -> Iterator[tuple[str, Evaluation]]:
        """Every worker's evaluation of every stack asked for, by worker and stack; by another catalog if one is given.

        Stacks that the other catalog has not are left out.
        """
        used = catalog or self.catalog
        stacks = [used.stack(stack.id) for stack in self.stacks if stack.id in used.families]
        for worker_id, known in self.read_by(used).items():
            for evaluation in evaluate_all(
                stacks, assuming(known, self.assumed, self.as_of, self.catalog), self.as_of, used
            ):
                yield worker_id, evaluation


@dataclass(frozen=True, slots=True)
class Reading:
    """The question, and the faults of the records that were left out of it."""

    asked: Asked
    faults: tuple[RecordFault, ...]


def read(
    catalog: Path | None,
    records: str | None,
    *,
    as_of: str | None = None,
    stack: Sequence[str] | None = None,
    worker: Sequence[str] | None = None,
    assume: Sequence[str] | None = None,
    where: Where = HERE,
) -> Reading:
    """Read what a command was given; a catalog or records that it was not given, from ClickHouse.

    Raises: InputRefused.
    """
    compiled = read_catalog(catalog) if catalog is not None else catalog_in_force(where)
    stacks, moment = _stacks(compiled, stack), _moment(as_of)
    heard, faults = _file(records) if records is not None else (_recorded(where, worker), ())
    asked = Asked(compiled, stacks, _workers(gather(heard), worker), moment, tuple(dict.fromkeys(assume or ())))
    return Reading(asked, faults)


def read_catalog(path: Path) -> CompiledCatalog:
    """The catalog at a path.

    Raises: InputRefused.
    """
    try:
        return catalog_at(path)
    except CatalogFaults as faults:
        raise InputRefused(str(faults)) from faults


def catalog_in_force(where: Where) -> CompiledCatalog:
    """The catalogs in force, as one.

    Raises: InputRefused.
    """
    from services.offline import recorded  # noqa: PLC0415 - who reads files does not wait for a client to load

    try:
        return compile_catalogs(recorded.applied_catalogs(where))
    except (recorded.Unavailable, ValueError) as error:
        raise InputRefused(str(error)) from error


def _recorded(where: Where, workers: Sequence[str] | None) -> Sequence[Record]:
    from services.offline import recorded  # noqa: PLC0415 - the same

    try:
        return recorded.records(where, workers)
    except recorded.Unavailable as error:
        raise InputRefused(str(error)) from error


def _file(records: str) -> tuple[Sequence[Record], tuple[RecordFault, ...]]:
    file = read_records(_bytes(records))
    return (*file.records, *links_in(file.records)), file.faults


def _stacks(catalog: CompiledCatalog, stack_ids: Sequence[str] | None) -> tuple[CompiledStack, ...]:
    if stack_ids is None:
        return catalog.stacks
    unknown = [stack_id for stack_id in stack_ids if stack_id not in catalog.families]
    if unknown:
        raise InputRefused(f"the catalog has no stack {', '.join(unknown)}")
    return tuple(catalog.stack(stack_id) for stack_id in dict.fromkeys(stack_ids))


def _workers(people: Mapping[str, Holdings], worker_ids: Sequence[str] | None) -> dict[str, Holdings]:
    if worker_ids is None:
        return dict(sorted(people.items()))
    return {worker_id: people.get(worker_id, EMPTY) for worker_id in sorted(set(worker_ids))}


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
