"""What an employer tells of its workers: team, role, and the groups it counts them in. Pure: CSV lines in, rows out.

Groups (a column `group:NAME` each) are for counting alone: nobody is ever shown which group somebody is in.
A row that is at fault means nothing, and so does a file that has one.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from services.runtime.errors import Fault, Rejected

GROUP: Final = "group:"
"""Begins the names of columns that put workers in groups."""
NOT_STATED: Final = "not stated"
"""What the views call those who are in no group; so no group may be called that."""
LONGEST: Final = 200
_DELIMITERS: Final = ",;\t"


class Told(NamedTuple):
    """One worker as told: team and role "" for none, groups by dimension, None for a dimension that is taken back."""

    worker_id: str
    team: str | None
    role: str | None
    groups: Mapping[str, str | None]


class Expected(NamedTuple):
    """A skill that is expected of everybody in a role."""

    role: str
    skill: str


def read_workers(lines: Iterable[str]) -> tuple[Told, ...]:
    """The workers of a CSV file with a header: worker_id; team and role; group:NAME columns.

    Raises: Rejected with every fault, each at the line that it is in.
    """
    names, rows = _table(lines)
    known = [name for name in names if name in {"worker_id", "team", "role"} or name.startswith(GROUP)]
    faults = [_fault(1, f"the column {name} is not known") for name in names if name not in known]
    faults += [_fault(1, "a column worker_id is needed")] if "worker_id" not in names else []
    faults += [_fault(1, "a group: column needs a name")] if GROUP in names else []
    told = [] if faults else [_told(line, dict(zip(names, cells, strict=False)), faults) for line, cells in rows]
    twice = [worker for worker, times in Counter(one.worker_id for one in told).items() if times > 1]
    faults += [_fault(0, f"{worker} is there more than once") for worker in twice]
    if faults:
        raise Rejected(tuple(faults))
    return tuple(told)


def read_expectations(lines: Iterable[str]) -> tuple[Expected, ...]:
    """The expectations of a CSV file with a header: role, skill.

    Raises: Rejected with every fault.
    """
    names, rows = _table(lines)
    if set(names) != {"role", "skill"}:
        raise Rejected((_fault(1, "the columns are role and skill"),))
    found = [(line, dict(zip(names, cells, strict=False))) for line, cells in rows]
    faults = [_fault(line, "role and skill are both needed") for line, row in found if not all(row.values())]
    if faults:
        raise Rejected(tuple(faults))
    return tuple(dict.fromkeys(Expected(row["role"], row["skill"]) for _, row in found))


def _table(lines: Iterable[str]) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Column names in lower case, and the rows that are not empty with their lines."""
    numbered = iter(lines)
    header = next(numbered, "").lstrip("\ufeff")
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    reader = csv.reader(numbered, delimiter=delimiter)
    rows = ((reader.line_num + 1, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells)))
    return names, rows


def _told(line: int, row: Mapping[str, str], faults: list[Fault]) -> Told:
    if not row["worker_id"]:
        faults.append(_fault(line, "worker_id is empty"))
    faults += [_fault(line, f"{name} is too long") for name, value in row.items() if len(value) > LONGEST]
    groups = {name.removeprefix(GROUP): value or None for name, value in row.items() if name.startswith(GROUP)}
    if NOT_STATED in groups.values():
        faults.append(_fault(line, f"leave a group empty instead of {NOT_STATED}"))
    return Told(row["worker_id"], row.get("team"), row.get("role"), groups)


def _fault(line: int, detail: str) -> Fault:
    return Fault("roster", f"/{line}", f"line {line}: {detail}" if line else detail)


def role_rows(employer_id: str, told: Sequence[Told], version: int) -> list[tuple[object, ...]]:
    """Rows of `worker_roles`: employer_id, worker_id, team, role, version, is_deleted."""
    return [
        (employer_id, one.worker_id, one.team or "", one.role or "", version, int(not one.team and not one.role))
        for one in told
        if one.team is not None or one.role is not None
    ]


def group_rows(employer_id: str, told: Sequence[Told], version: int) -> list[tuple[object, ...]]:
    """Rows of `worker_groups`: employer_id, worker_id, dimension, group_name, version, is_deleted."""
    return [
        (employer_id, one.worker_id, dimension, group or "", version, int(group is None))
        for one in told
        for dimension, group in one.groups.items()
    ]
