"""Named queries: each a file in `sql/`, run for one tenant.

The employer's id goes into every query here and can come from nowhere else: a caller names a file and gives the other
parameters, and a parameter called employer_id is a bug. Statements are constants; values travel as typed parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from importlib.resources import files
from typing import Any, Protocol

from services.dashboard.tenant import Tenant
from services.runtime.errors import Bug

EMPLOYER = "employer_id"

Row = dict[str, Any]
Parameter = str | int | datetime


class Answer(Protocol):
    """What a query gives back; a clickhouse-connect QueryResult is one."""

    def named_results(self) -> Iterator[Row]:
        """Each row as a mapping of column names."""


class Reader(Protocol):
    """What the runner needs of a ClickHouse client."""

    def query(self, query: str, parameters: dict[str, Any]) -> Answer:
        """Run one SELECT, instants zone-aware. Raises what the client raises."""


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

    def rows(self, name: str, tenant: Tenant, **parameters: Parameter) -> list[Row]:
        """The rows of the named query for this tenant, instants zone-aware in UTC.

        Raises: Unavailable when ClickHouse does not answer in time; Bug when a caller tries to choose the employer.
        """
        if EMPLOYER in parameters:
            raise Bug("the employer of a query comes from the credential alone")
        with self._guard(name):
            answer = self._reader.query(self._named[name], {**parameters, EMPLOYER: tenant.employer_id})
            return list(answer.named_results())

    def row(self, name: str, tenant: Tenant, **parameters: Parameter) -> Row | None:
        """The first row of the named query, or None when there is none."""
        found = self.rows(name, tenant, **parameters)
        return found[0] if found else None
