"""Exports of every table, in every form."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

import fastexcel
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from services.dashboard import sheets
from services.dashboard.export_tables import EXPORTS
from tests.builders.analytics import Tables, employment
from tests.builders.waiting import wait_until
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


@pytest.mark.parametrize("table", ["worker_awards", "expiring", "team_skills"])
def test_a_workbook_has_the_same_rows_as_the_csv(
    acme: TestClient, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its headings; instants are dates of the sheet, and nothing is left behind on disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = acme.get(f"/export/{table}.xlsx?{ASKED}")
    sheet = fastexcel.read_excel(answer.content).load_sheet(0, header_row=None, dtypes="string").to_arrow().to_pylist()
    cells = [list(row.values()) for row in sheet]

    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert cells[0] == list(EXPORTS[table].columns.values())
    assert len(cells) == len(exported(acme, table))
    assert not list(tmp_path.glob("*.xlsx"))


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


def test_a_workbook_does_not_hold_up_the_server(
    acme: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own writes it: as long as that one stands still, others are answered, and then it goes on."""
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    os.mkfifo(go_on)
    waits = tmp_path / "python-that-waits"
    waits.write_text(f'#!/bin/sh\n: > {begun}\nread line < {go_on}\nexec {sys.executable} "$@"\n')
    waits.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(waits))

    with ThreadPoolExecutor(1) as pool:
        export = pool.submit(acme.get, "/export/workers.xlsx")
        wait_until(lambda: begun.exists() or export.done())
        answers = [acme.get(path).status_code for path in ("/livez", "/workers", "/export/workers.csv")]
        is_waiting = not export.done()
        go_on.write_text("now\n")

    assert (answers, is_waiting) == ([200, 200, 200], True)
    assert export.result().status_code == 200


def test_a_workbook_of_a_hundred_thousand_rows_is_whole() -> None:
    """As many as an export may have."""
    path = sheets.workbook("large", ("a", "b"), ([f"worker-{number}", number] for number in range(100_000)))
    try:
        sheet = fastexcel.read_excel(path.read_bytes()).load_sheet(0)
        assert sheet.height == 100_000
    finally:
        path.unlink()


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
