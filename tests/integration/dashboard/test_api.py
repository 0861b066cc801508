"""The API: tables by cursor, ETags, and a description that names every endpoint."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from services.dashboard.export_tables import EXPORTS
from services.dashboard.kinds import KINDS, Kind
from services.runtime.keys import Verifier, issue
from tests.builders.analytics import Tables, employment
from tests.integration.dashboard.conftest import ANN, MARK, STACK

ASKED = f"worker_id={quote(ANN)}&stack_id={quote(STACK)}&dimension=by-{MARK}&days=3650"


@pytest.fixture
def tables(shared_tables: Tables) -> Tables:
    """These tests only look, so they share their rows."""
    return shared_tables


def pieces(client: TestClient, table: str, rows: int) -> list[dict[str, object]]:
    """All rows of a table, read in pieces of so many."""
    found: list[dict[str, object]] = []
    address = f"/api/v1/tables/{table}?{ASKED}&rows={rows}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found += answer.json()["rows"]
        address = answer.links["next"]["url"] if "next" in answer.links else ""
        assert bool(address) == bool(answer.json()["next"])
    return found


@pytest.mark.parametrize("table", sorted(EXPORTS))
def test_a_table_in_pieces_is_the_whole_table(acme: TestClient, table: str) -> None:
    """Every row once, in one order, however small the pieces are."""
    whole = pieces(acme, table, 10_000)

    assert whole
    assert pieces(acme, table, 7 if len(whole) > 20 else 1) == whole
    assert set(EXPORTS[table].columns) <= set(whole[0])


def test_rows_that_come_meanwhile_do_not_shift_the_others(acme: TestClient, tables: Tables) -> None:
    """A worker with an id before the cursor's neither hides nor repeats one."""
    tables.put("employments", *(employment(f"m{number}") for number in range(4)))
    first = acme.get("/api/v1/tables/workers?rows=2").json()
    tables.put("employments", employment("a-newcomer"))
    rest = acme.get(f"/api/v1/tables/workers?rows=100&cursor={first['next']}").json()

    ids = [row["worker_id"] for row in (*first["rows"], *rest["rows"])]
    assert "a-newcomer" not in ids
    assert len(ids) == len(set(ids))


def test_a_cursor_of_one_employer_shows_another_one_s_own_rows(acme: TestClient, tables: Tables) -> None:
    """It says where to go on and nothing else."""
    cursor = acme.get("/api/v1/tables/workers?rows=1").json()["next"]
    token = issue(tables.client, "employer", "other").token
    time.sleep(Verifier.LOOKUP_SECONDS)  # how soon after the last look a new key is looked for

    answer = acme.get(f"/api/v1/tables/workers?cursor={cursor}", headers={"authorization": f"Bearer {token}"})

    assert [row["worker_id"] for row in answer.json()["rows"]] == ["bob"]


STEADY = [kind for kind in KINDS if kind.name not in {"overview", "data"}]
"""What does not count minutes or seconds up to now."""


@pytest.mark.parametrize("kind", STEADY, ids=lambda kind: kind.name)
def test_an_unchanged_answer_is_not_sent_again(acme: TestClient, kind: Kind) -> None:
    """The same ETag a moment later, and 304 for who has it."""
    path = kind.data_path.replace("{worker_id:path}", quote(ANN, safe=""))
    path = path.replace("{stack_id:path}", quote(STACK, safe=""))
    first = acme.get(f"/api/v1{path}")
    assert first.status_code == 200, first.text

    again = acme.get(f"/api/v1{path}", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_openapi_names_every_endpoint(acme: TestClient) -> None:
    """Kinds of pages, tables, views, SQL."""
    described = set(acme.get("/api/v1/openapi.json").json()["paths"])

    assert {"/api/v1/tables/{table}", "/api/v1/views", "/api/v1/explore"} <= described
    assert len([path for path in described if path.startswith("/api/v1/")]) >= len(KINDS) + 3
