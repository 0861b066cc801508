"""Which steps lead from what is applied to what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.clickhouse.migrations import Migration, Step, load, plan, statements_of
from services.runtime.errors import Conflict, Rejected

ONE, TWO, THREE = (Migration(number, f"m{number}", f"UP {number};\n", f"DOWN {number};\n") for number in (1, 2, 3))
ALL = (ONE, TWO, THREE)


def test_a_new_database_gets_every_step_in_order() -> None:
    """With nothing applied the plan goes from the first migration to the newest."""
    assert plan(ALL, {}) == (Step(ONE, forward=True), Step(TWO, forward=True), Step(THREE, forward=True))


def test_only_what_is_missing_is_run() -> None:
    """An applied migration is not run again, wherever the gap is."""
    assert plan(ALL, {1: ONE.digest, 3: THREE.digest}) == (Step(TWO, forward=True),)


def test_the_way_back_goes_newest_first() -> None:
    """Going back to the first undoes the third before the second."""
    steps = plan(ALL, {m.number: m.digest for m in ALL}, target=1)

    assert steps == (Step(THREE, forward=False), Step(TWO, forward=False))


def test_target_zero_takes_all_away() -> None:
    """Nought stands for the empty database."""
    assert plan(ALL, {1: ONE.digest}, target=0) == (Step(ONE, forward=False),)


def test_a_changed_migration_is_a_conflict() -> None:
    """A digest that differs from the file's stops everything."""
    with pytest.raises(Conflict, match="0002"):
        plan(ALL, {1: ONE.digest, 2: "another"})


def test_a_database_of_a_newer_release_is_a_conflict() -> None:
    """What is applied but unknown here is not touched."""
    with pytest.raises(Conflict, match="newer"):
        plan((ONE,), {1: ONE.digest, 2: TWO.digest})


def test_an_unknown_target_is_rejected() -> None:
    """There is no way to a number that no file has."""
    with pytest.raises(Rejected):
        plan(ALL, {}, target=9)


def test_a_semicolon_inside_a_line_ends_nothing() -> None:
    """Only a `;` at a line's end parts statements, and comments alone are no statement."""
    text = "-- head; \n\nSELECT 'a;b';\n-- between;\nSELECT 2\n;\n-- tail\n"

    assert [statement.splitlines()[-1] for statement in statements_of(text)] == ["SELECT 'a;b'", "SELECT 2"]


def test_a_migration_without_a_way_back_is_rejected(tmp_path: Path) -> None:
    """Every `up` file needs its `down` file."""
    (tmp_path / "0001_one.up.sql").write_text("SELECT 1;\n")

    with pytest.raises(Rejected, match=r"0001_one\.down\.sql"):
        load(tmp_path)


def test_the_shipped_migrations_are_numbered_without_gaps() -> None:
    """They load, and count from one."""
    assert [migration.number for migration in load()] == list(range(1, len(load()) + 1))
