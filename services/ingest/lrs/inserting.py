"""Writing rows to ClickHouse, a table at a time and by columns. Blocking: to be called in a thread.

No deduplication tokens: a row written twice is one row by its key, here and in what the materialized views feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.runtime.clickhouse import Client, unavailable

COLUMNS = {
    "xapi_statement_ids": ("tenant", "statement_id", "stored", "timestamp", "digest", "version"),
    "xapi_statements": (
        "tenant",
        "stored",
        "statement_id",
        "terms",
        "target_id",
        "is_voiding",
        "body",
        "version",
    ),
    "xapi_attachments": ("tenant", "sha2", "content_type", "content", "version"),
    "xapi_activities": ("tenant", "activity_id", "definition", "version"),
    "xapi_documents": (
        "tenant",
        "resource",
        "activity_id",
        "agent",
        "registration",
        "document_id",
        "content",
        "content_type",
        "etag",
        "updated",
        "version",
        "is_deleted",
    ),
    "xapi_outcomes": ("tenant", "frame_id", "is_applied"),
    "xapi_progress": ("epoch", "partition", "next_offset", "stored_through"),
}


class Inserting:
    """Inserts into the store's tables. Safe to use from several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._types: dict[str, Sequence[Any]] = {}

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows in the column order of `COLUMNS`; instants in microseconds since 1970.

        Raises: Unavailable when it may work later.
        """
        if not rows:
            return
        with unavailable():
            self._client.insert(
                table,
                list(zip(*rows, strict=True)),
                column_names=COLUMNS[table],
                column_types=self._types_of(table),
                column_oriented=True,
            )

    def _types_of(self, table: str) -> Sequence[Any]:
        """The columns' types, asked once: otherwise every insert asks the server first."""
        if table not in self._types:
            context = self._client.create_insert_context(table, column_names=list(COLUMNS[table]))
            self._types[table] = context.column_types
        return self._types[table]
