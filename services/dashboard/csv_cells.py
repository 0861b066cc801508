"""CSV that no spreadsheet runs: text that would start a formula is quoted with an apostrophe.

Excel, LibreOffice and Sheets take a cell that begins with = + - @ (also in their full-width forms, and after white
space, a tab or a carriage return) for a formula, which may call out. Numbers and dates of ours are written as they
are: only text that came from records can hold one. Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO

Cell = str | int | float | bool | datetime | date | Sequence[str] | None

_STARTERS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four are full-width = + - @
_BLOCK_ROWS = 500
BYTE_ORDER_MARK = "\ufeff"
"""First in the file, so that Excel reads it as UTF-8."""


def cell(value: Cell) -> str:
    """The text of one cell, never one that a spreadsheet takes for a formula. Instants as RFC 3339, lists with "; "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _inert(value if isinstance(value, str) else "; ".join(value))


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file (RFC 4180, CRLF) in blocks of some hundred rows, beginning with a byte order mark and the header."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([cell(title) for title in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % _BLOCK_ROWS == 0:
            yield _drained(buffer)
    yield _drained(buffer)


def _inert(text: str) -> str:
    first = text.lstrip(" \u00a0\ufeff\u200b")[:1]
    return f"'{text}" if first in _STARTERS and first else text


def _drained(buffer: StringIO) -> str:
    block = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return block
