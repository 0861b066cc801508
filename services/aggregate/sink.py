"""Writing a batch's rows to ClickHouse: one columnar insert a table, recognisable when repeated.

Invariant: `insert` returns only when every row is stored. Repeating it with the same place changes nothing, in the
tables and in what their materialized views feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.aggregate.place import Place
from services.runtime.clickhouse import Client, unavailable

Columns = Sequence[Sequence[Any]]
Rows = Mapping[str, tuple[Sequence[str], Columns]]
"""Table -> column names and columns. Tables without rows are left out."""


class Sink:
    """Inserts into the tables of one database. Safe to use from several batches at once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._types: dict[str, Sequence[Any]] = {}

    async def insert(self, table: str, names: Sequence[str], columns: Columns, place: Place | None) -> None:
        """Insert into one table; `place` makes a repetition of it harmless.

        Raises: Unavailable when it may work later; clickhouse_connect's errors when it never will.
        """
        settings = {} if place is None else {"insert_deduplication_token": place.token(table)}
        await asyncio.to_thread(self._insert, table, names, columns, settings)

    def _insert(self, table: str, names: Sequence[str], columns: Columns, settings: dict[str, str]) -> None:
        with unavailable():
            self._client.insert(
                table,
                columns,
                column_names=names,
                column_types=self._types_of(table, names),
                column_oriented=True,
                settings=settings,
            )

    def _types_of(self, table: str, names: Sequence[str]) -> Sequence[Any]:
        """The columns' types, asked once: otherwise every insert asks the server first."""
        if table not in self._types:
            context = self._client.create_insert_context(table, column_names=list(names))
            self._types[table] = context.column_types
        return self._types[table]
