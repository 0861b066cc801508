"""The store's queries, each in a file of its own.

`$name` in a file is put in as text: hexadecimal, a keyword, or ids and instants as this service itself writes them.
Lists of ids go into the text and not into parameters, since parameters travel in the URL, where there is little room.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Template


@cache
def _template(name: str) -> Template:
    return Template(files("services.ingest").joinpath("lrs_sql", f"{name}.sql").read_text("utf-8"))


def query(name: str, **texts: str) -> str:
    """The text of a query."""
    return _template(name).substitute(texts)


def hexed(values: Iterable[str]) -> str:
    """Texts as a comma-separated list of their UTF-8 bytes in hexadecimal."""
    return ",".join(value.encode().hex() for value in values)
