"""Migrations on a real engine: all the way up, back, and up again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.clickhouse.migrations import applied, load, migrate
from services.runtime.clickhouse import connect
from services.runtime.errors import Conflict

NAMES = "SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name"


@pytest.fixture
def empty(clickhouse_url: str) -> Iterator[str]:
    """The name of a database that nobody has made yet."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    connect(clickhouse_url, "system").command(f"DROP DATABASE IF EXISTS {name}")


def _tables(url: str, database: str) -> list[str]:
    client = connect(url, "system")
    return [name for (name,) in client.query(NAMES, parameters={"database": database}).result_rows]


def test_up_down_up_ends_where_it_began(clickhouse_url: str, empty: str) -> None:
    """Every way back takes away all that the way forth made, and can be gone again."""
    migrate(clickhouse_url, empty)
    first = _tables(clickhouse_url, empty)

    migrate(clickhouse_url, empty, target=0)
    bare = _tables(clickhouse_url, empty)
    migrate(clickhouse_url, empty)

    assert bare == ["schema_migrations"]
    assert _tables(clickhouse_url, empty) == first


def test_each_single_step_can_be_undone(clickhouse_url: str, empty: str) -> None:
    """After step n, step n - 1 is reached by one way back, with the tables it had."""
    seen: list[list[str]] = []
    for migration in load():
        migrate(clickhouse_url, empty, target=migration.number)
        seen.append(_tables(clickhouse_url, empty))

    for migration, tables in zip(reversed(load()[:-1]), reversed(seen[:-1]), strict=True):
        migrate(clickhouse_url, empty, target=migration.number)
        assert _tables(clickhouse_url, empty) == tables


def test_a_second_run_has_nothing_to_do(database: tuple[str, str]) -> None:
    """Migrating what is migrated runs no step."""
    assert migrate(*database) == ()


def test_an_edited_migration_is_refused(clickhouse_url: str, empty: str, tmp_path: Path) -> None:
    """A file that was changed after it was applied stops the run, and the newer one is not applied."""
    (tmp_path / "0001_one.up.sql").write_text("CREATE TABLE one (n UInt8) ENGINE = Memory;\n")
    (tmp_path / "0001_one.down.sql").write_text("DROP TABLE one;\n")
    migrate(clickhouse_url, empty, folder=tmp_path)
    (tmp_path / "0001_one.up.sql").write_text("CREATE TABLE one (n UInt16) ENGINE = Memory;\n")
    (tmp_path / "0002_two.up.sql").write_text("CREATE TABLE two (n UInt8) ENGINE = Memory;\n")
    (tmp_path / "0002_two.down.sql").write_text("DROP TABLE two;\n")

    with pytest.raises(Conflict, match="0001"):
        migrate(clickhouse_url, empty, folder=tmp_path)

    assert _tables(clickhouse_url, empty) == ["one", "schema_migrations"]


def test_the_command_says_where_the_tables_stand(clickhouse_url: str, empty: str) -> None:
    """`stepwell migrate` applies, `--status --json` tells, `--down` takes the newest step back."""
    numbers = [migration.number for migration in load()]

    _stepwell(clickhouse_url, empty)
    before = json.loads(_stepwell(clickhouse_url, empty, "--status", "--json"))
    _stepwell(clickhouse_url, empty, "--down")

    assert [row["number"] for row in before if row["applied"]] == numbers
    assert sorted(applied(connect(clickhouse_url, empty))) == numbers[:-1]


def _stepwell(url: str, database: str, *flags: str) -> str:
    command = [sys.executable, "-m", "services.cli", "migrate", "--clickhouse", url, "--database", database, *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ), timeout=60)
    return done.stdout
