"""Writes one XLSX workbook, as a program of its own: a hundred thousand rows take seconds of Python that no server has.

    python -m services.dashboard.sheet_writer FILE < msgpack of Sheet

Rows are written as they are read and not kept. Text stays text: a cell that begins with `=` is a string to every
spreadsheet, because it is stored as one. Instants become dates of the sheet, in UTC.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
import xlsxwriter

MOST_ROWS: Final = 1_048_575
"""What a sheet holds below its heading."""
MOST_CHARACTERS: Final = 32_767
"""What a cell holds."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_WIDTH: Final = 22


class Sheet(msgspec.Struct, frozen=True):
    """A table: its title, at most 31 characters, the headings, and rows of as many cells."""

    title: str
    header: list[str]
    rows: list[list[Any]]


def write(sheet: Sheet, path: str) -> None:
    """The workbook with that one sheet, the heading frozen and filterable."""
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        instant = book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'})
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.header) - 1, _WIDTH)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.header) - 1)
        for column, heading in enumerate(sheet.header):
            page.write_string(0, column, heading, book.add_format({"bold": True}))
        for number, row in enumerate(sheet.rows[:MOST_ROWS], start=1):
            _write_row(page, number, row, instant)


def _write_row(page: Any, number: int, row: Sequence[Any], instant: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool):
            page.write_boolean(number, column, value)
        elif isinstance(value, int | float):
            page.write_number(number, column, value)
        elif isinstance(value, datetime):
            page.write_datetime(number, column, value.astimezone(UTC).replace(tzinfo=None), instant)
        elif value is not None:
            page.write_string(number, column, text_of(value)[:MOST_CHARACTERS])


def text_of(value: Any) -> str:
    """Text as it is, days as they are written, lists with "; "."""
    if isinstance(value, date):
        return value.isoformat()
    return "; ".join(map(text_of, value)) if isinstance(value, list | tuple) else str(value)


def main(arguments: Sequence[str]) -> None:
    """Read the sheet from standard input and write it to the file."""
    write(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Sheet), arguments[0])


if __name__ == "__main__":
    main(sys.argv[1:])
