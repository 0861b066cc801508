"""`stepwell teams`: what an employer tells of its workers: teams, roles, skills expected, and groups to count by."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.runtime.where import HERE, Place

if TYPE_CHECKING:
    from services.runtime.clickhouse import Client

app = App(name="teams", help="Teams, roles and expected skills, and groups to count by.")

Json = Annotated[bool, Parameter(name="--json", negative="")]
Flag = Annotated[bool, Parameter(negative="")]
File = Annotated[str, Parameter(allow_leading_hyphen=True)]
ROLE_COLUMNS = ("employer_id", "worker_id", "team", "role", "version", "is_deleted")
GROUP_COLUMNS = ("employer_id", "worker_id", "dimension", "group_name", "version", "is_deleted")
SKILL_COLUMNS = ("employer_id", "role", "skill", "version", "is_deleted")
KNOWN_SKILLS = "SELECT role, skill FROM role_skills FINAL WHERE employer_id = {employer_id:String}"


@app.command(name="import")
def import_workers(
    file: File,
    *,
    employer: str,
    dry_run: Flag = False,
    json_output: Json = False,
    where: Place = HERE,
) -> None:
    """Import teams, roles and groups of an employer's workers.

    The file is CSV with a header: worker_id, then team and role, and a column `group:NAME` for each thing to count by,
    such as group:age. An empty cell takes back what was told before; workers and columns that are not in the file stay
    as they were. Nothing is written unless every line is good. Groups are only ever counted, never shown of anybody.

    Parameters
    ----------
    file
        Path of the file; - for standard input.
    employer
        Whose workers they are.
    dry_run
        Only say what would be written.
    json_output
        One line: {"workers", "roles", "groups", "dry_run"}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.tools.workforce import group_rows, read_workers, role_rows

    with errors_in_a_sentence():
        with _lines(file) as lines:
            told = read_workers(lines)
        version = time_ns()
        roles, groups = role_rows(employer, told, version), group_rows(employer, told, version)
        if not dry_run:
            client = where.connect()
            _insert(client, "worker_roles", ROLE_COLUMNS, roles)
            _insert(client, "worker_groups", GROUP_COLUMNS, groups)
        if json_output:
            say_json({"workers": len(told), "roles": len(roles), "groups": len(groups), "dry_run": dry_run})
        else:
            say(f"{len(told)} workers, {len(roles)} with team or role, {len(groups)} group entries")


@app.command
def expect(
    file: File,
    *,
    employer: str,
    json_output: Json = False,
    where: Place = HERE,
) -> None:
    """Say which skills an employer expects in which role; what it expected before is replaced.

    The file is CSV with a header: role, skill.

    Parameters
    ----------
    file
        Path of the file; - for standard input.
    employer
        Who expects it.
    json_output
        One line: {"expected", "no_longer"}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.tools.workforce import read_expectations

    with errors_in_a_sentence():
        with _lines(file) as lines:
            expected = read_expectations(lines)
        client, version = where.connect(), time_ns()
        known = client.query(KNOWN_SKILLS, parameters={"employer_id": employer}).result_rows
        gone = {(role, skill) for role, skill in known} - set(expected)
        rows = [(employer, *one, version, 0) for one in expected] + [(employer, *one, version, 1) for one in gone]
        _insert(client, "role_skills", SKILL_COLUMNS, rows)
        if json_output:
            say_json({"expected": len(expected), "no_longer": len(gone)})
        else:
            say(f"{len(expected)} skills expected, {len(gone)} no longer")


@app.command
def minimum(
    people: int | None = None,
    *,
    json_output: Json = False,
    where: Place = HERE,
) -> None:
    """Show or set the smallest number of people that a figure about a group may be about; 10 unless set, 3 at least.

    Parameters
    ----------
    people
        The new minimum; without it, the one in force is shown.
    json_output
        One line: {"minimum"}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected

    with errors_in_a_sentence():
        client = where.connect()
        if people is not None:
            if people < LEAST:
                raise Rejected.because("minimum", f"a minimum below {LEAST} hides nobody")
            _insert(client, "privacy", ("name", "value", "version"), [("minimum_cell", people, time_ns())])
        found = client.query("SELECT argMax(value, version) FROM privacy WHERE name = 'minimum_cell'").result_rows[0][0]
        say_json({"minimum": found}) if json_output else say(str(found))


LEAST = 3


def _insert(client: Client, table: str, columns: Iterable[str], rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        client.insert(table, rows, column_names=list(columns))


@contextmanager
def _lines(file: str) -> Iterator[Iterable[str]]:
    """The lines of a file, or of standard input. Raises: Rejected when it cannot be read."""
    from services.runtime.errors import Rejected

    if file == "-":
        yield sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8", newline="") as opened:
            yield opened
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected.because("file", f"{file}: {error}") from None
