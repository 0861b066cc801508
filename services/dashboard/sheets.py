"""XLSX files: written by a process of their own, so that the server goes on answering meanwhile."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from services.dashboard.errors import Refused
from services.dashboard.sheet_writer import Sheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE: Final = 31
TIMEOUT_SECONDS: Final = 120


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """The path of a new XLSX file, for the caller to remove. Waits for the writer: call it from a thread.

    Raises: Refused when it takes too long; subprocess.CalledProcessError when the writer fails, which is a bug.
    """
    sheet = msgspec.msgpack.encode(Sheet(title[:LONGEST_TITLE], list(header), [list(row) for row in rows]))
    with tempfile.NamedTemporaryFile(prefix="stepwell-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        subprocess.run(
            [sys.executable, "-m", "services.dashboard.sheet_writer", str(path)],
            input=sheet,
            check=True,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        path.unlink(missing_ok=True)
        raise Refused("too_large", "This table is too large for a spreadsheet; take CSV or Parquet.") from None
    except subprocess.CalledProcessError:
        path.unlink(missing_ok=True)
        raise
    return path
