"""Rows in hand as a file to take along, in the forms that every table has: CSV, XLSX, Parquet.

Apart from the exports of queries, whose Parquet ClickHouse writes itself: what is worked out here has no query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from services.dashboard import csv_cells, sheets
from services.dashboard.export_tables import Form
from services.dashboard.exports import PARQUET

Rows = Sequence[Sequence[csv_cells.Cell]]


def file_of(name: str, form: Form, columns: Sequence[str], rows: Rows) -> Response:
    """The rows as a file of that name, none of which a spreadsheet runs. Waits for the writer of XLSX.

    Raises: Refused when a spreadsheet would take too long.
    """
    if form == "csv":
        lines = csv_cells.lines(columns, rows)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_named(name, form))
    if form == "parquet":
        return parquet_file(name, _parquet(columns, rows))
    path = sheets.workbook(name, columns, rows)
    removed = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=sheets.MEDIA_TYPE, headers=_named(name, form), background=removed)


def parquet_file(name: str, packed: bytes) -> Response:
    """A Parquet file that was written already."""
    return Response(packed, media_type=PARQUET, headers=_named(name, "parquet"))


def _named(name: str, form: Form) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="stepwell-{name}.{form}"'}


def _parquet(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - only who takes Parquet along waits for it
    from pyarrow import parquet  # noqa: PLC0415

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    written = BytesIO()
    parquet.write_table(pa.table(dict(zip(columns, map(list, values), strict=True))), written)
    return written.getvalue()
