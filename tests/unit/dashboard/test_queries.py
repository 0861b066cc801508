"""The query runner and the named SQL files: the tenant is in every one, and nobody else can put it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.dashboard.queries import Queries, statements
from services.dashboard.tenant import Tenant
from services.runtime.errors import Bug

STATEMENTS = statements()
SOURCE = re.compile(
    r"(?<!WITH FILL )(?<!ARRAY )\b(?:FROM|JOIN)\s+(?P<source>\(|\w+)(?: AS (?P<alias>\w+))?"
    r"(?P<tenant>\s+WHERE\s+(?:(?P=alias)\.)?employer_id = \{employer_id:String\})?"
    r"(?=(?P<rest>.*?)(?:GROUP BY|ORDER BY|HAVING|LIMIT|\Z))",
    re.DOTALL,
)


def _outermost(condition: str) -> str:
    """A condition without what is in brackets: what stands beside the tenant's condition."""
    depth, kept = 0, ""
    for letter in condition:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            break
        if depth == 0:
            kept += letter
    return kept


@dataclass
class Recorder:
    """A reader that keeps what it was asked, and answers one row."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def query(self, query: str, parameters: dict[str, Any]) -> Recorder:
        """Keep the question."""
        self.asked.append((query, parameters))
        return self

    def raw_query(self, query: str, parameters: dict[str, Any], *, fmt: str) -> bytes:
        """Keep the question; the answer is the form's name."""
        self.asked.append((query, parameters))
        return fmt.encode()

    def named_results(self) -> Iterator[dict[str, Any]]:
        """The one row."""
        yield {"name": "ACME"}


def queries(reader: Recorder) -> Queries:
    """A runner of one statement."""
    return Queries(reader, {"employer": "SELECT name"}, lambda _name: nullcontext())


def test_the_tenant_s_id_goes_with_every_query() -> None:
    """The parameter employer_id is the session's employer, beside whatever else was given."""
    reader = Recorder()

    row = queries(reader).row("employer", Tenant("acme"), days=60)

    assert row == {"name": "ACME"}
    assert reader.asked == [("SELECT name", {"days": 60, "employer_id": "acme"})]


def test_nobody_can_choose_the_employer_of_a_query() -> None:
    """A caller that passes employer_id has a bug, and nothing is run."""
    reader = Recorder()

    with pytest.raises(Bug):
        queries(reader).rows("employer", Tenant("acme"), employer_id="other")

    assert reader.asked == []


def test_an_empty_employer_is_nobody() -> None:
    """Rows of workers without an employer have an empty id; no tenant may have it."""
    with pytest.raises(ValueError, match="employer id"):
        Tenant("")


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_every_source_in_every_statement_is_filtered_on_the_tenant(name: str) -> None:
    """Each FROM and JOIN reads a published view whose first condition is the tenant, or a subquery in brackets."""
    sql = STATEMENTS[name]
    views = [found for found in SOURCE.finditer(sql) if found["source"] != "("]

    assert views
    assert [found["source"] for found in views] == re.findall(r"\bv_\w+", sql)
    assert all(found["tenant"] and " OR " not in _outermost(found["rest"]) for found in views)


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_statements_are_constants_that_only_read(name: str) -> None:
    """One SELECT a file: no other statement, no PREWHERE, every parameter typed."""
    sql = STATEMENTS[name]

    assert sql.startswith(("SELECT\n", "SELECT "))
    assert not re.search(r";|--|/\*|PREWHERE|\bINTO\b|\bSETTINGS\b", sql, re.IGNORECASE)
    assert all(re.fullmatch(r"\{\w+:\w+(\([^}]*\))?\}", parameter) for parameter in re.findall(r"\{[^}]*\}", sql))
