"""Workbooks: what is written is what is read back, and text is text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import fastexcel

from services.dashboard.sheet_writer import MOST_CHARACTERS, Sheet, write


def read(path: Path) -> list[list[object]]:
    """The rows of the first sheet, heading first."""
    table = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_arrow().to_pylist()
    return [list(row.values()) for row in table]


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    """Numbers as numbers, instants in UTC, lists joined, nothing for None."""
    instant = datetime(2026, 11, 24, 14, 3, tzinfo=UTC)
    path = tmp_path / "one.xlsx"

    write(Sheet("One", ["text", "number", "when", "list", "none"], [["a", 1.5, instant, ["x", "y"], None]]), str(path))

    table = fastexcel.read_excel(path).load_sheet(0).to_arrow().to_pylist()
    assert table == [{"text": "a", "number": 1.5, "when": instant.replace(tzinfo=None), "list": "x; y", "none": None}]


def test_text_that_looks_like_a_formula_or_an_address_stays_text(tmp_path: Path) -> None:
    """Also where it is longer than a cell."""
    texts = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "http://example.org", "\t=1", "x" * (MOST_CHARACTERS + 5)]
    path = tmp_path / "one.xlsx"

    write(Sheet("One", ["text"], [[text] for text in texts]), str(path))

    assert [row[0] for row in read(path)] == ["text", *texts[:-1], "x" * MOST_CHARACTERS]
