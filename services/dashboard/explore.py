"""Exploring: SQL of an employer's own over the published views, read-only and within limits.

Two walls: the text is rewritten so that it can only see the employer's rows (`tenant_sql`), and the connection that it
runs on can write nothing, change no setting, and has a time, a memory and a row limit (`limits`). On a server the
dashboard's role adds a third: grants on the views alone and row policies.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from schemas.views import Views
from services.dashboard.errors import Refused
from services.dashboard.queries import EMPLOYER, Guard
from services.dashboard.tenant import Tenant
from services.dashboard.tenant_sql import for_tenant
from services.runtime.clickhouse import QueryFailed, failed_queries

READ_ONLY: Final = 1
"""ClickHouse's readonly=1: nothing may be written, and no setting given, either."""
_PLACE: Final = re.compile(r"\s*\((?:[A-Z_]+|version [^)]*\)?|for url [^)]*)\)|Code: \d+\.\s*|DB::Exception:\s*")
_WRAPPING: Final = re.compile(r"^Received ClickHouse exception, code: \d+, server response:\s*")


class Result(Protocol):
    """What a query gives back; a clickhouse-connect QueryResult is one."""

    @property
    def column_names(self) -> Sequence[str]:
        """Names in order."""

    @property
    def column_types(self) -> Sequence[Any]:
        """Types in order, each with its `name`."""

    @property
    def result_rows(self) -> Sequence[Sequence[Any]]:
        """Rows in order."""


class Reader(Protocol):
    """What exploring needs of a client that `limits` were given to."""

    def query(self, query: str, parameters: dict[str, Any]) -> Result:
        """Run one SELECT."""

    def raw_query(self, query: str, parameters: dict[str, Any], *, fmt: str) -> bytes:
        """Run one SELECT; the answer in one of ClickHouse's formats."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: columns with their types, at most so many rows, how long it took, and whether rows were left out."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    seconds: float
    is_cut: bool
    ran: str
    """The SQL as it ran."""


def limits(timeout_seconds: int, most_rows: int) -> Mapping[str, str | int]:
    """The settings of the connection that explores."""
    return {
        "max_execution_time": timeout_seconds,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": 2_000_000_000,
        "max_threads": 2,
        "max_rows_to_read": 500_000_000,
        "max_result_rows": most_rows + 1,
        "result_overflow_mode": "break",
        "max_ast_depth": 500,
        "allow_ddl": 0,
        "allow_introspection_functions": 0,
        "readonly": READ_ONLY,
    }


class Explorer:
    """Runs a tenant's own SQL. Safe to call from several threads at once, as the client is."""

    def __init__(self, reader: Reader, views: Views, most_rows: int, guard: Guard) -> None:
        self._reader = reader
        self._most_rows = most_rows
        self._guard = guard
        self.views = views

    def run(self, tenant: Tenant, sql: str, as_of: datetime) -> Found:
        """What the tenant's SQL finds. Raises: Refused with a plain reason; Unavailable."""
        ran, given = self._for(tenant, sql, as_of)
        started = time.perf_counter()
        with self._guarded():
            result = self._reader.query(ran, given)
        rows = tuple(map(tuple, result.result_rows[: self._most_rows]))
        return Found(
            columns=tuple(result.column_names),
            types=tuple(one.name for one in result.column_types),
            rows=rows,
            seconds=time.perf_counter() - started,
            is_cut=len(result.result_rows) > self._most_rows,
            ran=ran,
        )

    def parquet(self, tenant: Tenant, sql: str, as_of: datetime) -> bytes:
        """The same as a Parquet file, with the engine's types. Raises: as `run`."""
        ran, given = self._for(tenant, sql, as_of)
        with self._guarded():
            most = f"SELECT * FROM (\n{ran}\n) LIMIT {self._most_rows}"  # noqa: S608 - made by for_tenant
            return self._reader.raw_query(most, given, fmt="Parquet")

    def _for(self, tenant: Tenant, sql: str, as_of: datetime) -> tuple[str, dict[str, Any]]:
        """The SQL as it runs for the tenant, and its parameters. Raises: Refused."""
        ran = for_tenant(sql, self.views)
        offered = ((EMPLOYER, tenant.employer_id), ("as_of", as_of))
        return ran, {name: value for name, value in offered if f"{{{name}:" in ran}

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._guard("explore"), failed_queries():
                yield
        except QueryFailed as error:
            if error.is_too_much:
                raise Refused("too_much", "This query takes too long or too much memory; ask for less.") from None
            raise Refused("failed", sentence(str(error))) from None


def sentence(message: str) -> str:
    """ClickHouse's message without addresses, versions and codes."""
    return _PLACE.sub("", _WRAPPING.sub("", message)).strip().splitlines()[0][:500]
