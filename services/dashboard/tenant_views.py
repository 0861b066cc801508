"""Published views as they are for one employer: the same columns and rows, by SQL that costs less.

A published view speaks of all employers, so it finds who is current by a join on employer and person, whose keys are
compared as texts. For one employer that is a set of numbers. The named queries are written over the published views, as
anybody could write them; before they run, each view that has a file in `tenant_views/` is put in from there, where
every table with an employer is read by `{employer_id:String}` alone. Files may use each other. `identity(person) IN`
keeps the engine from comparing the set with the primary key, which would leave nothing out and costs milliseconds.
Invariant: a file gives the rows of the view of its name that are this employer's (an integration test compares them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_SOURCE: Final = re.compile(r"\b(?P<word>FROM|JOIN) (?P<name>\w+)\b(?: AS (?P<alias>\w+))?")


@cache
def tenant_views() -> dict[str, str]:
    """The views that have a form for one employer: name -> SQL, with a parameter employer_id."""
    folder = files("services.dashboard") / "tenant_views"
    named = {
        file.name.removesuffix(".sql"): file.read_text().strip()
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    }
    return {name: _put_in(sql, named) for name, sql in named.items()}


def for_one_employer(sql: str) -> str:
    """The same question, with each view's form for one employer in place of the view where there is one."""
    return _put_in(sql, tenant_views())


def _put_in(sql: str, named: Mapping[str, str]) -> str:
    """SQL with each source that is named put in as a subquery, and theirs likewise; no file may use itself."""

    def source(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in named:
            return found[0]
        return f"{found['word']} (\n{_put_in(named[name], named)}\n) AS {found['alias'] or name}"

    return _SOURCE.sub(source, sql)
