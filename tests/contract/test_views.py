"""The published views' contract: generated from the migrations, and never narrower than what was published."""

from __future__ import annotations

import pytest

from deploy.clickhouse import contract
from deploy.clickhouse.migrations import load, statements_of
from schemas.views import BASELINE, Column, View, breaking_changes, published, views_json


def view(*columns: str, name: str = "v_one") -> View:
    """A view with these columns, given as name:type."""
    made = (column.split(":") for column in columns)
    return View(name=name, meaning="One", columns=tuple(Column(name=one, type=kind, meaning="x") for one, kind in made))


def test_the_files_are_as_the_migrations_say() -> None:
    """Whoever changes a view generates the contract and the page again."""
    assert contract.drift(contract.present()) == []


def test_no_view_is_narrower_than_what_was_published() -> None:
    """The gate that CI runs."""
    assert breaking_changes(published(BASELINE), contract.present()) == []


def test_every_view_of_the_migrations_is_in_the_contract() -> None:
    """None is missed because it is written in another form."""
    text = "".join(statement for migration in load() for statement in statements_of(migration.up))

    assert sum(text.count(f"VIEW IF NOT EXISTS {name}\n") for name in published()) == len(published())
    assert text.count("CREATE VIEW IF NOT EXISTS v_") == len(published())


@pytest.mark.parametrize(
    "now, said",
    [
        (view("employer_id:String", "a:UInt64", "b:String"), []),
        (view("employer_id:String", "a:UInt64", "b:String", "c:Date"), []),
        (view("employer_id:String", "a:UInt64"), ["v_one.b is gone"]),
        (view("employer_id:String", "a:Int64", "b:String"), ["v_one.a was UInt64 and is Int64"]),
        (
            view("employer_id:String", "c:Date", "a:UInt64", "b:String"),
            ["v_one has a new column before an old one: add at the end"],
        ),
        (view("employer_id:String", name="v_two"), ["v_one is gone"]),
    ],
)
def test_what_breaks_a_reader_is_named(now: View, said: list[str]) -> None:
    """Views and columns that are gone, types that changed, columns that moved; new ones at the end are welcome."""
    before = view("employer_id:String", "a:UInt64", "b:String")

    assert breaking_changes({"v_one": before}, {now.name: now}) == said


def test_a_view_that_is_made_again_counts_as_made_last() -> None:
    """And one that is dropped does not count."""
    made = "CREATE VIEW IF NOT EXISTS v_x\n(\n    employer_id String COMMENT 'E'\n)\nAS\nSELECT 1\nCOMMENT 'X'"
    again = made.replace("CREATE VIEW IF NOT EXISTS", "CREATE OR REPLACE VIEW").replace("String", "UInt8")

    assert contract.migrated([made, again])["v_x"].columns[0].type == "UInt8"
    assert contract.migrated([made, "DROP VIEW IF EXISTS v_x"]) == {}


def test_the_check_names_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """It passes on this checkout, and changes nothing."""
    before = views_json(published())

    assert contract.main(["--check"]) == 0
    assert capsys.readouterr().err == ""
    assert views_json(published()) == before
