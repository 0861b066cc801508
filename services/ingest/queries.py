"""The queries of `services/ingest/sql`, by name; those named `erase_` are conditions, of the rows that go."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The text of a query."""
    return files("services.ingest").joinpath("sql", f"{name}.sql").read_text("utf-8")
