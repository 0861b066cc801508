"""`stepwell evaluate`: stacks judged from files, with no Kafka and no ClickHouse."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from schemas.moments import start_of
from schemas.progress import Progress
from schemas.records import Record
from services.core.holdings import facts
from services.core.people import gather
from services.core.stacks import CatalogFaults, CompiledCatalog, CompiledStack, evaluate_all, progress_of
from services.offline.catalog_files import catalog_at
from services.offline.lines import json_line, table
from services.offline.record_files import RecordFile, read_records

REFUSED = 2
"""Exit code when the input cannot be taken."""
LEFT_OUT = 1
"""Exit code when some records were left out."""


def evaluate(
    *,
    catalog: Path,
    records: Annotated[str, Parameter(allow_leading_hyphen=True)],
    as_of: str | None = None,
    stack: Annotated[list[str] | None, Parameter(negative="")] = None,
    worker: Annotated[list[str] | None, Parameter(negative="")] = None,
    lenient: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Evaluate stacks from files, with no server at all: one line per worker and stack.

    Parameters
    ----------
    catalog
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    records
        A file of records in the native form (NDJSON or a JSON array), or - for standard input. Faulty records are
        all listed on stderr, with line and field, and nothing is evaluated (exit code 2), unless --lenient.
    as_of
        The instant to judge at, such as 2026-01-31 or 2026-01-31T12:00:00Z. Default: now.
    stack
        Only this stack. May be given several times.
    worker
        Only this worker. May be given several times.
    lenient
        Evaluate the good records even when others are faulty; exit code 1 then tells that some were left out.
    as_json
        Print JSON, one object a line.
    """
    try:
        asked = _moment(as_of)
        compiled = catalog_at(catalog)
        stacks = _chosen(compiled, stack)
        file = read_records(_bytes(records))
    except (CatalogFaults, ValueError, OSError) as error:
        return _refuse(str(error))
    for fault in file.faults:
        sys.stderr.write(f"{records}: {fault}\n")
    if file.faults and not lenient:
        return REFUSED
    _print(_judged(compiled, stacks, file.records, asked, worker), as_json=as_json)
    return _exit_code(file)


def _judged(
    catalog: CompiledCatalog,
    stacks: Sequence[CompiledStack],
    records: Iterable[Record],
    as_of: datetime,
    workers: Sequence[str] | None,
) -> Iterator[Progress]:
    people = gather(records)
    for worker_id in sorted(people):
        if workers is None or worker_id in workers:
            for evaluation in evaluate_all(stacks, facts(people[worker_id]), as_of, catalog):
                yield progress_of(evaluation, worker_id)


def _print(progresses: Iterator[Progress], *, as_json: bool) -> None:
    if not as_json:
        sys.stdout.write(table(progresses) + "\n")
        return
    for progress in progresses:
        sys.stdout.write(json_line(progress) + "\n")


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    moment: datetime = start_of(text)
    return moment.astimezone(UTC)


def _chosen(catalog: CompiledCatalog, stack_ids: Sequence[str] | None) -> tuple[CompiledStack, ...]:
    if stack_ids is None:
        return catalog.stacks
    unknown = [stack_id for stack_id in stack_ids if stack_id not in catalog.families]
    if unknown:
        raise ValueError(f"the catalog has no stack {', '.join(unknown)}")
    return tuple(catalog.stack(stack_id) for stack_id in dict.fromkeys(stack_ids))


def _bytes(records: str) -> bytes:
    return sys.stdin.buffer.read() if records == "-" else Path(records).read_bytes()


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return REFUSED


def _exit_code(file: RecordFile) -> int:
    return LEFT_OUT if file.faults else 0
