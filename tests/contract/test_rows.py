"""The rows that the aggregate writes are those that the migrations make tables for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.aggregate.rows import COLUMNS

MIGRATIONS = Path(__file__).parents[2] / "deploy/clickhouse/migrations"


def _columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table, in order, as the migrations create it, with those that they add among them."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("*.up.sql")))
    (body,) = re.findall(rf"CREATE TABLE IF NOT EXISTS {table}\n\((.*?)\n\)", text, re.DOTALL)
    columns = [line.split()[0] for line in body.strip().splitlines()]
    added = rf"^ALTER TABLE {table} ADD COLUMN IF NOT EXISTS (\w+) [^;]* AFTER (\w+);$"
    for name, after in re.findall(added, text, re.MULTILINE):
        columns.insert(columns.index(after) + 1, name)
    return tuple(columns)


@pytest.mark.parametrize("table", COLUMNS)
def test_a_row_has_the_columns_of_its_table_in_their_order(table: str) -> None:
    """A column that is added to a table must be written, or be left out on purpose by changing this test."""
    assert COLUMNS[table] == _columns_of(table)
