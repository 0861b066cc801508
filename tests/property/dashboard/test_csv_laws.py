"""Laws of exported CSV."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.csv_cells import cell, lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXTS)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    """Whatever the text, what a spreadsheet sees first is harmless, and the text is still there."""
    shown = cell(text)

    assert shown.lstrip(" \u00a0\ufeff\u200b")[:1] not in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert shown in (text, f"'{text}")


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2)))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    """A CSV reader finds each cell as it was written."""
    text = "".join(lines(["a", "b"], rows))

    assert list(csv.reader(StringIO(text[1:], newline="")))[1:] == [[cell(value) for value in row] for row in rows]
