"""ClickHouse's tables as dictionaries: of the rows under one key the newest version stays, and is seen or deleted."""

from __future__ import annotations

from typing import Any

from services.aggregate.changes import Changes
from services.aggregate.rows import COLUMNS

KEYS = {
    "records": ("worker_id", "occurred_at", "record_id"),
    "awards": ("employer_id", "worker_id", "issuer_id", "award_id"),
    "progress": ("employer_id", "stack_id", "worker_id"),
    "employments": ("employer_id", "worker_id", "started_at"),
}
# Not what is shown, but when it was worked out.
NOT_SHOWN = {"version", "is_deleted", "as_of"}


class Tables:
    """What all inserts so far amount to."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {table: {} for table in KEYS}

    def insert(self, changes: Changes) -> None:
        """Insert a batch's rows. Of two rows of one version the later insert stays."""
        for table, key in KEYS.items():
            for values in getattr(changes, table):
                row = dict(zip(COLUMNS[table], values, strict=True))
                identity = tuple(row[name] for name in key)
                known = self._rows[table].get(identity)
                if known is None or known["version"] <= row["version"]:
                    self._rows[table][identity] = row

    def seen(self, table: str) -> list[dict[str, Any]]:
        """The rows that a query sees, by key, without what is not shown."""
        rows = self._rows[table]
        return [
            {name: value for name, value in rows[key].items() if name not in NOT_SHOWN}
            for key in sorted(rows)
            if not rows[key].get("is_deleted")
        ]

    def all_seen(self) -> dict[str, list[dict[str, Any]]]:
        """What queries see of everything but the records, which are simply there."""
        return {table: self.seen(table) for table in KEYS if table != "records"}
