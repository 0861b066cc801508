"""CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest

from services.dashboard.csv_cells import BYTE_ORDER_MARK, Cell, cell, lines


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_text_that_would_start_a_formula_is_quoted(text: str) -> None:
    """An apostrophe comes first, and nothing is lost."""
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value, text",
    [
        (None, ""),
        (-1.5, "-1.5"),
        (0, "0"),
        (True, "yes"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00"),
        (["a", "b"], "a; b"),
        (["=a", "b"], "'=a; b"),
        ("plain", "plain"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_other_values_are_written_as_they_are(value: Cell, text: str) -> None:
    """Numbers of ours may be negative; dates are RFC 3339."""
    assert cell(value) == text


def test_a_file_has_a_mark_a_header_and_every_row() -> None:
    """Quotes, commas and line breaks come back; long files come in several blocks."""
    rows: list[list[Cell]] = [[number, 'a "quoted", cell\nof two lines'] for number in range(1200)]

    blocks = list(lines(["Number", "=Text"], rows))

    text = "".join(blocks)
    assert len(blocks) > 2
    assert text.startswith(BYTE_ORDER_MARK + "Number,'=Text\r\n")
    assert list(csv.reader(StringIO(text[1:], newline="")))[1:] == [[str(number), label] for number, label in rows]
