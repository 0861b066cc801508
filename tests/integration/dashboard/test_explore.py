"""Exploring with SQL of one's own: it finds what pages find, nothing of anybody else, and stops at its limits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.views import published
from services.dashboard.errors import Refused
from services.dashboard.queries import statements
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import Wiring
from tests.builders.analytics import NOW, Tables
from tests.integration.dashboard.conftest import ANN, MARK, STACK

SIMPLE = sorted(
    name for name, sql in statements().items() if set(re.findall(r"\{(\w+):", sql)) <= {"employer_id", "as_of"}
)
HOSTILE = (
    "SELECT * FROM {view} WHERE 1 OR employer_id = 'acme'",
    "SELECT * FROM {view} AS x WHERE x.employer_id = 'acme' OR 1 = 1",
    "WITH 'acme' AS employer_id SELECT * FROM {view}",
    "WITH CAST(tuple('acme'), 'Tuple(employer_id String)') AS {view} SELECT * FROM {view}",
    "WITH {view} AS (SELECT * FROM {view}) SELECT * FROM {view}",
    "SELECT (SELECT groupArray(tuple(*)) FROM {view}) AS {view}",
    "SELECT * FROM {view} UNION ALL SELECT * FROM {view}",
    "SELECT * FROM {view} AS a LEFT JOIN {view} AS b ON 1 = 1",
    "SELECT * FROM {view} ORDER BY employer_id = 'acme' DESC LIMIT 1 BY employer_id",
    "SELECT COLUMNS('.*') FROM {view}",
    "SELECT * REPLACE ('other' AS employer_id) FROM {view}",
    "SELECT * EXCEPT employer_id FROM {view} QUALIFY 1",
)


@pytest.fixture
def tables(shared_tables: Tables) -> Tables:
    """These tests only look, so they share their rows."""
    return shared_tables


def found(wiring: Wiring, sql: str, employer_id: str = "acme") -> Any:
    """What the SQL finds for an employer."""
    return wiring.explorer.run(Tenant(employer_id), sql, NOW)


def private(rows: Any) -> str:
    """What was found, without what the catalog says to everybody."""
    return repr(rows).replace(STACK, "").replace(f"Stack <{MARK}>", "").replace(f"Known as {MARK}", "")


@pytest.mark.parametrize("name", SIMPLE)
def test_a_page_s_own_sql_finds_the_same_here(wiring: Wiring, name: str) -> None:
    """What a page shows below its figures can be run and changed."""
    asked = {"as_of": NOW} if "{as_of:" in statements()[name] else {}

    answer = found(wiring, statements()[name])

    assert [dict(zip(answer.columns, row, strict=True)) for row in answer.rows] == wiring.queries.rows(
        name, Tenant("acme"), **asked
    )


@pytest.mark.parametrize("view", sorted(published()))
def test_no_view_shows_another_employer_s_rows_however_it_is_asked(wiring: Wiring, view: str) -> None:
    """Each view through every trick: refused, failed, or without a word of acme's."""
    assert MARK not in private(found(wiring, f"SELECT * FROM {view}", "other").rows)  # noqa: S608
    for trick in HOSTILE:
        try:
            answer = found(wiring, trick.format(view=view), "other")
        except Refused as refusal:
            assert MARK not in refusal.first.detail  # noqa: PT017
        else:
            assert MARK not in private(answer.rows), trick


WORDS = (
    "v_held v_workers awards worker_groups x own_x employer_id 'acme' worker_id 1 * SELECT FROM WHERE IN ( ) , WITH AS",
    'JOIN ON OR = . NOT UNION ALL {employer_id:String} /* */ -- " ` ; ARRAY numbers(3) groupArray count()',
)
PIECES = [piece for line in WORDS for piece in line.split()]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_text_finds_what_is_acme_s(wiring: Wiring, pieces: list[str]) -> None:
    """Whatever is strung together."""
    try:
        answer = found(wiring, "SELECT * FROM " + " ".join(pieces), "other")  # noqa: S608
    except Refused:
        return
    assert MARK not in repr(answer.rows)


def test_it_stops_at_so_many_rows_and_says_so(wiring: Wiring) -> None:
    """More than the limit is cut."""
    many = "SELECT arrayJoin(range(5000)) AS n FROM v_workers ORDER BY n"

    answer = found(wiring, many)

    assert (len(answer.rows), answer.is_cut) == (wiring.settings.explore_rows, True)
    assert found(wiring, "SELECT worker_id FROM v_workers").is_cut is False


def test_what_takes_too_much_is_given_up(wiring: Wiring) -> None:
    """A sentence, not an outage."""
    with pytest.raises(Refused, match="ask for less"):
        found(wiring, "SELECT groupArray(toString(n)) FROM (SELECT arrayJoin(range(100000000)) AS n FROM v_workers)")


def test_a_mistake_is_told_in_a_sentence(wiring: Wiring) -> None:
    """The engine's reason, without addresses."""
    with pytest.raises(Refused) as refusal:
        found(wiring, "SELECT no_such FROM v_workers")

    assert "no_such" in refusal.value.first.detail
    assert "http" not in refusal.value.first.detail


def test_nothing_can_be_written_on_that_connection(wiring: Wiring) -> None:
    """Even if a statement came through."""
    reader: Any = wiring.explorer._reader  # noqa: SLF001 - the second wall is tried by itself

    with pytest.raises(Exception, match="readonly"):
        reader.command("DROP TABLE employers")


def test_the_api_answers_and_refuses(acme: TestClient) -> None:
    """Rows as arrays with names and types; a refusal as a problem with the reason."""
    answer = acme.post(
        "/api/v1/explore", json={"sql": "SELECT worker_id FROM v_workers WHERE worker_id LIKE 'ann%'"}
    ).json()
    refused = acme.get("/api/v1/explore", params={"sql": "SELECT * FROM awards"})

    assert (answer["columns"], answer["types"], answer["rows"]) == (["worker_id"], ["String"], [[ANN]])
    assert (refused.status_code, refused.json()["detail"]) == (400, "There is no published view awards.")
    assert {view["name"] for view in acme.get("/api/v1/views").json()} == set(published())
