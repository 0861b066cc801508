"""A page is what looking at every statement finds, whichever of its ways the store takes to it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import NamedTuple
from uuid import UUID

import pytest

from services.ingest.lrs import reading
from services.ingest.lrs.reading import LATEST, Page, Reading
from services.runtime.clickhouse import connect

TENANT = "college"
NOTHING = UUID(int=0)
COLUMNS = ("tenant", "stored", "statement_id", "terms", "target_id", "is_voiding", "body", "version")


class Row(NamedTuple):
    """A statement in the tables."""

    statement_id: UUID
    stored: int
    terms: frozenset[int]
    target_id: UUID
    is_voiding: bool


def rows_of(random: Random, number: int) -> list[Row]:
    """Statements of few terms, some of which refer to others, earlier and later, and some of these void them."""
    ids = [UUID(int=random.getrandbits(128)) for _ in range(number)]
    rows = []
    for place, each in enumerate(ids):
        terms = frozenset(random.sample(range(1, 6), 3))
        target = random.choice(ids) if random.random() < 0.2 else NOTHING
        rows.append(
            Row(each, 1_700_000_000_000_000 + place, terms, target, target != NOTHING and random.random() < 0.4)
        )
    return rows


def expected(rows: list[Row], page: Page) -> list[int]:
    """The page, by looking at all."""
    by_id: Mapping[UUID, Row] = {row.statement_id: row for row in rows}
    voiding = {row.statement_id for row in rows if row.is_voiding}
    voided = {row.target_id for row in rows if row.is_voiding} - voiding

    def matches(row: Row) -> bool:
        return row.terms >= set(page.terms)

    def reaches(row: Row) -> bool:
        seen = {row.statement_id}
        while row.target_id in by_id and row.target_id not in seen:
            row = by_id[row.target_id]
            seen.add(row.statement_id)
            if matches(row):
                return True
        return False

    found = [
        row.stored
        for row in rows
        if row.statement_id not in voided
        and page.since < row.stored <= page.until
        and (page.authority is None or page.authority in row.terms)
        and (matches(row) or reaches(row))
    ]
    return sorted(found, reverse=not page.is_ascending)[: page.limit]


@pytest.mark.parametrize("few", [0, 3, 1000])
@pytest.mark.parametrize("patience", [0, 40, 100_000])
def test_every_way_to_a_page_finds_what_looking_at_all_finds(
    database: tuple[str, str], monkeypatch: pytest.MonkeyPatch, few: int, patience: int
) -> None:
    """Some rows are in the tables twice, as they are before ClickHouse merges."""
    monkeypatch.setattr(reading, "FEW", few)
    monkeypatch.setattr(reading, "PATIENCE", patience)
    random = Random(few + patience)
    rows = rows_of(random, 200)
    client = connect(*database)
    stored = [
        [TENANT, each.stored, each.statement_id, sorted(each.terms), each.target_id, each.is_voiding, "{}", 1]
        for each in rows
    ]
    client.insert("xapi_statements", stored, column_names=COLUMNS)
    client.insert("xapi_statements", stored[:50], column_names=COLUMNS)
    known = [[TENANT, row.statement_id, row.stored, 0, b"0" * 32, 1] for row in rows]
    client.insert(
        "xapi_statement_ids",
        known,
        column_names=("tenant", "statement_id", "stored", "timestamp", "digest", "version"),
    )
    asked = Reading(lambda: connect(*database))
    for _ in range(60):
        edges = sorted(random.choice([-1, LATEST, rows[random.randrange(200)].stored]) for _ in range(2))
        page = Page(
            terms=tuple(random.sample(range(1, 6), random.randrange(4))),
            since=edges[0],
            until=edges[1],
            is_ascending=random.random() < 0.5,
            limit=random.choice([1, 5, 20, 300]),
            authority=random.choice([None, None, 5]),
        )
        found = [each.stored for each in asked.page(TENANT, page)]
        assert found == expected(rows, page), page
    asked.close()
    client.close()
