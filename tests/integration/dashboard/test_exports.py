"""CSV exports of every table."""

from __future__ import annotations

import csv
from io import StringIO
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from services.dashboard.export_tables import EXPORTS
from tests.builders.analytics import Tables, employment
from tests.integration.dashboard.conftest import ANN, MARK, STACK


@pytest.fixture
def tables(shared_tables: Tables) -> Tables:
    """These tests only look, so they share their rows."""
    return shared_tables


def exported(acme: TestClient, table: str) -> list[list[str]]:
    """The rows of a table as a CSV reader finds them, heading first."""
    answer = acme.get(f"/export/{table}.csv?worker_id={quote(ANN)}&stack_id={quote(STACK)}&dimension=by-{MARK}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="stepwell-{table.replace("_", "-")}.csv"' in answer.headers["content-disposition"]
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("table", sorted(EXPORTS))
def test_every_table_can_be_had_as_csv(acme: TestClient, table: str) -> None:
    """With its headings, and at least one row of what is there."""
    heading, *rows = exported(acme, table)

    assert heading == list(EXPORTS[table].columns.values())
    assert rows
    assert {len(row) for row in rows} == {len(heading)}


def test_what_a_record_says_is_never_a_formula(acme: TestClient) -> None:
    """An achievement that calls itself a formula is quoted."""
    names = [row[1] for row in exported(acme, "worker_awards")]

    assert f"'=cmd|{MARK}" in names


def test_an_export_is_not_paged(acme: TestClient, tables: Tables) -> None:
    """All workers, though a page shows three."""
    tables.put("employments", *(employment(f"w{number}") for number in range(20)))

    assert len(exported(acme, "workers")) == 23


def test_an_unknown_table_or_worker_is_not_found(acme: TestClient) -> None:
    """Neither another table of the database nor somebody else's worker."""
    assert acme.get("/export/records.csv").status_code == 400
    assert acme.get("/export/worker_awards.csv?worker_id=bob").status_code == 404
