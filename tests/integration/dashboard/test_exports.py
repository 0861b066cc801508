"""Exports of every table, in every form."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import gettempdir
from threading import Event, Thread
from time import perf_counter
from urllib.parse import quote

import fastexcel
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from services.dashboard import sheets
from services.dashboard.export_tables import EXPORTS
from services.dashboard.wiring import Wiring
from tests.builders.analytics import NOW, Tables, employment
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


ASKED = f"worker_id={quote(ANN)}&stack_id={quote(STACK)}&dimension=by-{MARK}"


@pytest.mark.parametrize("table", sorted(EXPORTS))
def test_a_workbook_has_the_same_rows_as_the_csv(acme: TestClient, table: str) -> None:
    """With its headings; instants are dates of the sheet, and nothing is left behind on disk."""
    before = set(Path(gettempdir()).glob("stepwell-*.xlsx"))
    answer = acme.get(f"/export/{table}.xlsx?{ASKED}")
    sheet = fastexcel.read_excel(answer.content).load_sheet(0, header_row=None, dtypes="string").to_arrow().to_pylist()
    cells = [list(row.values()) for row in sheet]

    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert cells[0] == list(EXPORTS[table].columns.values())
    assert len(cells) == len(exported(acme, table))
    assert set(Path(gettempdir()).glob("stepwell-*.xlsx")) == before


@pytest.mark.parametrize("table", sorted(EXPORTS))
def test_a_parquet_file_has_the_query_s_columns(acme: TestClient, table: str) -> None:
    """All that the query finds, with types."""
    answer = acme.get(f"/export/{table}.parquet?{ASKED}")
    found = pyarrow.parquet.read_table(BytesIO(answer.content))

    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert set(EXPORTS[table].columns) <= set(found.column_names)
    assert found.num_rows == len(exported(acme, table)) - 1


def test_a_workbook_holds_no_formula(acme: TestClient) -> None:
    """What looks like one is text, with nothing put before it."""
    answer = acme.get(f"/export/worker_awards.xlsx?{ASKED}")
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert f"=cmd|{MARK}" in sheet


def test_a_large_workbook_does_not_hold_up_the_server(wiring: Wiring) -> None:
    """While one of 100,000 rows is written by another process, this one's threads run on."""
    turns = 0
    is_done = Event()

    def write() -> None:
        rows = ([f"worker-{number}", number, 0.5, NOW, "text"] for number in range(100_000))
        sheets.workbook("large", ("a", "b", "c", "d", "e"), rows).unlink()
        is_done.set()

    Thread(target=write).start()
    longest, last = 0.0, perf_counter()
    while not is_done.wait(0.005):
        turns += 1
        longest, last = max(longest, perf_counter() - last), perf_counter()

    assert turns >= 50
    assert longest < 1.0


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
