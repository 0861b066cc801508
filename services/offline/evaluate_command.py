"""`stepwell evaluate` and `stepwell explain`: stacks judged from files, with no Kafka and no ClickHouse."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from services.core.stacks import EMPTY, CompiledCatalog, progress_of
from services.core.stacks.explain import lines
from services.offline.differences import Difference, differences
from services.offline.inputs import InputRefused, Reading, catalog_in_force, read, read_catalog
from services.offline.lines import difference_line, difference_table, explanation_line, json_line, table
from services.runtime.where import HERE, Place, Where

REFUSED = 2
"""Exit code when the input cannot be taken."""
LEFT_OUT = 1
"""Exit code when some records were left out."""

APPLIED = "applied"
"""What stands for the catalogs in force."""

Records = Annotated[str | None, Parameter(allow_leading_hyphen=True)]
Several = Annotated[list[str] | None, Parameter(negative="")]
Names = Annotated[list[str] | None, Parameter(negative="", consume_multiple=True)]
Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]


def evaluate(
    *,
    catalog: Path | None = None,
    records: Records = None,
    as_of: str | None = None,
    stack: Several = None,
    worker: Several = None,
    assume: Names = None,
    against: str | None = None,
    lenient: Flag = False,
    as_json: Json = False,
    where: Place = HERE,
) -> int:
    """Evaluate stacks from files, with no server at all: one line per worker and stack.

    Parameters
    ----------
    catalog
        A catalog file (YAML or JSON), or a folder whose files together are one catalog; by default those in force.
    records
        A file of records in the native form (NDJSON or a JSON array), or - for standard input; by default what has
        been recorded. Faulty records are
        all listed on stderr, with line and field, and nothing is evaluated (exit code 2), unless --lenient.
    as_of
        The instant to judge at, such as 2026-01-31 or 2026-01-31T12:00:00Z. Default: now.
    stack
        Only this stack. May be given several times.
    worker
        Only this worker. May be given several times.
    assume
        Achievements that every worker is taken to hold besides, to see what they would bring.
    against
        Another catalog, or `applied` for those in force: print only what changes from it to --catalog, and who gains
        and who loses. Where what has been recorded is judged by a --catalog, the table ends with that as it is.
    lenient
        Evaluate the good records even when others are faulty; exit code 1 then tells that some were left out.
    as_json
        Print JSON, one object a line.
    """
    try:
        reading = read(catalog, records, as_of=as_of, stack=stack, worker=worker, assume=assume, where=where)
        other = None if against is None else _other(against, where)
    except InputRefused as refusal:
        return _refuse(str(refusal))
    if not _may_go_on(reading, records, lenient=lenient):
        return REFUSED
    if other is not None:
        _print_differences(differences(reading.asked, other), as_json=as_json)
        return _exit_code(reading)
    judged = (progress_of(evaluation, worker_id) for worker_id, evaluation in reading.asked.evaluations())
    _print(map(json_line, judged) if as_json else [table(judged)])
    if catalog is not None and records is None and not as_json:
        _print(["", "Against the catalogs in force:", difference_table(differences(reading.asked, _in_force(where)))])
    return _exit_code(reading)


def explain(
    *,
    catalog: Path | None = None,
    records: Records = None,
    as_of: str | None = None,
    stack: Several = None,
    worker: Several = None,
    assume: Names = None,
    lenient: Flag = False,
    as_json: Json = False,
    where: Place = HERE,
) -> int:
    """Say in plain sentences where each worker stands: what counts, what is missing, and why an award does not count.

    Parameters
    ----------
    catalog
        A catalog file (YAML or JSON), or a folder whose files together are one catalog; by default those in force.
    records
        A file of records in the native form (NDJSON or a JSON array), or - for standard input; by default what has
        been recorded. Faulty records are
        all listed on stderr, with line and field, and nothing is explained (exit code 2), unless --lenient.
    as_of
        The instant to judge at, such as 2026-01-31 or 2026-01-31T12:00:00Z. Default: now.
    stack
        Only this stack. May be given several times.
    worker
        Only this worker. May be given several times.
    assume
        Achievements that every worker is taken to hold besides.
    lenient
        Explain by the good records even when others are faulty; exit code 1 then tells that some were left out.
    as_json
        Print JSON, one object a line: the rules as a tree.
    """
    try:
        reading = read(catalog, records, as_of=as_of, stack=stack, worker=worker, assume=assume, where=where)
    except InputRefused as refusal:
        return _refuse(str(refusal))
    if not _may_go_on(reading, records, lenient=lenient):
        return REFUSED
    for worker_id, evaluation in reading.asked.evaluations():
        if as_json:
            _print([explanation_line(evaluation, worker_id)])
        else:
            _print([f"{worker_id}: {line}" if number == 0 else line for number, line in enumerate(lines(evaluation))])
    return _exit_code(reading)


def _in_force(where: Where) -> CompiledCatalog:
    """The catalogs in force; none, if they cannot be had."""
    try:
        return catalog_in_force(where)
    except InputRefused:
        return EMPTY


def _other(against: str, where: Where) -> CompiledCatalog:
    return catalog_in_force(where) if against == APPLIED else read_catalog(Path(against))


def _may_go_on(reading: Reading, records: str | None, *, lenient: bool) -> bool:
    for fault in reading.faults:
        sys.stderr.write(f"{records}: {fault}\n")
    return lenient or not reading.faults


def _print(texts: Iterable[str]) -> None:
    for text in texts:
        sys.stdout.write(text + "\n")


def _print_differences(found: Iterable[Difference], *, as_json: bool) -> None:
    _print(map(difference_line, found) if as_json else [difference_table(found)])


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return REFUSED


def _exit_code(reading: Reading) -> int:
    return LEFT_OUT if reading.faults else 0
