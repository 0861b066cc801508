"""Named queries: each a file in `sql/`, run for one tenant.

The employer's id goes into every query here and can come from nowhere else: a caller names a file and gives the other
parameters, and a parameter called employer_id is a bug. Statements are constants; values travel as typed parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, Protocol

from services.dashboard.tenant import Tenant
from services.dashboard.tenant_views import for_one_employer
from services.runtime.errors import Bug

EMPLOYER = "employer_id"

Row = dict[str, Any]
Parameter = str | int | datetime | Sequence[str]
SWIFT: Final = {"optimize_move_to_prewhere_if_final": 1}
"""Settings of the connection: conditions on sorting keys are tried before wide columns are read. That is safe with
FINAL, as these are the same in all versions of a row."""

_PARAMETER: Final = re.compile(r"\{(\w+):")


class Answer(Protocol):
    """What a query gives back; a clickhouse-connect QueryResult is one."""

    def named_results(self) -> Iterator[Row]:
        """Each row as a mapping of column names."""


class Reader(Protocol):
    """What the runner needs of a ClickHouse client."""

    def query(self, query: str, parameters: dict[str, Any]) -> Answer:
        """Run one SELECT, instants zone-aware. Raises what the client raises."""

    def raw_query(self, query: str, parameters: dict[str, Any], *, fmt: str) -> bytes:
        """Run one SELECT; the answer in one of ClickHouse's formats."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A query that was run: what a page shows of it below its figures."""

    name: str
    sql: str
    parameters: Mapping[str, Parameter]
    rows: int


Guard = Callable[[str], AbstractContextManager[None]]
"""Entered around one query, by its name: times it, and turns the client's errors into ours."""


def statements() -> dict[str, str]:
    """Every named query of the package: file name without its ending -> SQL."""
    folder = files("services.dashboard") / "sql"
    return {file.name.removesuffix(".sql"): file.read_text() for file in folder.iterdir() if file.name.endswith(".sql")}


class Queries:
    """Runs named queries for a tenant. Safe to call from several threads at once, as the client is."""

    def __init__(self, reader: Reader, named: Mapping[str, str], guard: Guard) -> None:
        self._reader = reader
        self._named = named
        self._guard = guard
        self._sent = {name: for_one_employer(sql) for name, sql in named.items()}
        self._parameters = {name: frozenset(_PARAMETER.findall(sql)) for name, sql in named.items()}

    def has(self, name: str) -> bool:
        """Whether there is such a named query."""
        return name in self._named

    def parameters(self, name: str) -> frozenset[str]:
        """The parameters that a named query takes, the employer included."""
        return self._parameters[name]

    def rows(
        self, name: str, tenant: Tenant, note: Callable[[Ran], object] | None = None, /, **parameters: Parameter
    ) -> list[Row]:
        """The rows of the named query for this tenant, instants zone-aware in UTC; `note` is told what was run.

        Raises: Unavailable when ClickHouse does not answer in time; Bug when a caller tries to choose the employer.
        """
        given = _given(tenant, parameters)
        with self._guard(name):
            found = list(self._reader.query(self._sent[name], given).named_results())
        if note is not None:
            note(Ran(name, self._named[name], given, len(found)))
        return found

    def parquet(self, name: str, tenant: Tenant, **parameters: Parameter) -> bytes:
        """The rows of the named query for this tenant as a Parquet file. Raises: as `rows`."""
        with self._guard(name):
            return self._reader.raw_query(self._sent[name], _given(tenant, parameters), fmt="Parquet")

    def row(self, name: str, tenant: Tenant, **parameters: Parameter) -> Row | None:
        """The first row of the named query, or None when there is none."""
        found = self.rows(name, tenant, **parameters)
        return found[0] if found else None


def _given(tenant: Tenant, parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    if EMPLOYER in parameters:
        raise Bug("the employer of a query comes from the credential alone")
    return {**parameters, EMPLOYER: tenant.employer_id}
