"""The page that takes SQL: a form whose address holds the question, the answer as a table, refusals in plain words."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote, urlencode

import fastexcel
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from services.dashboard.explore_page import EXAMPLES
from tests.builders.analytics import Tables
from tests.integration.dashboard.conftest import ANN, MARK


@pytest.fixture
def tables(shared_tables: Tables) -> Tables:
    """These tests only look, so they share their rows."""
    return shared_tables


def path(sql: str, page: str = "/explore") -> str:
    """The address of a question."""
    return f"{page}?{urlencode({'sql': sql})}"


def test_what_is_found_is_a_table_with_its_types(acme: TestClient) -> None:
    """Columns, values, how many, and the SQL as it ran; text from records is never markup."""
    page = acme.get(
        path("SELECT worker_id, progress, stack_title FROM v_progress WHERE complete = 0 ORDER BY progress")
    )

    assert page.status_code == 200
    assert "2 rows in" in page.text
    assert 'class="num">progress<span class="detail">Float64' in page.text
    assert f"Stack &lt;{MARK}&gt;" in page.text
    assert f"<{MARK}>" not in page.text
    assert ">0.5<" in page.text


def test_a_question_that_cannot_be_asked_is_kept_and_told_why(acme: TestClient) -> None:
    """Status 400, the reason beside the box, the question still in it."""
    for sql in ("DROP TABLE awards", "SELECT * FROM awards", "SELECT nothing FROM v_awards", "SELECT 1; SELECT 2"):
        page = acme.get(path(sql))

        assert page.status_code == 400, sql
        assert 'role="alert"' in page.text
        assert f"{sql}</textarea>" in page.text


def test_the_page_lists_every_view_and_begins_with_examples(acme: TestClient) -> None:
    """Each column with its meaning; each example runs and finds something or nothing, but is never refused."""
    page = acme.get("/explore").text

    assert "<code>v_progress</code>" in page
    assert "Below 1 while any requirement" in page or "below 1 while any requirement" in page
    for name, sql in EXAMPLES:
        assert name in page
        assert acme.get(path(sql)).status_code == 200, name


def test_the_rows_can_be_taken_along(acme: TestClient) -> None:
    """All that was found, as CSV with no formula in it."""
    answer = acme.get(path("SELECT achievement_name, skills FROM v_awards ORDER BY achievement_name", "/explore.csv"))

    heading, *rows = answer.text.removeprefix("\ufeff").splitlines()
    assert heading == "achievement_name,skills"
    assert f"'=cmd|{MARK}" in rows[0]
    for form in ("csv", "xlsx", "parquet"):
        assert acme.get(f"/explore.{form}?sql=DROP+TABLE+awards").status_code == 400


def test_the_rows_can_be_had_in_every_form(acme: TestClient) -> None:
    """The same rows each time, and nobody else's."""
    sql = "SELECT worker_id, count() AS awards FROM v_awards GROUP BY worker_id ORDER BY worker_id"
    listed = acme.get(path(sql, "/explore.csv")).text.splitlines()[1:]
    packed = acme.get(path(sql, "/explore.parquet"))
    sheet = acme.get(path(sql, "/explore.xlsx"))

    found = pyarrow.parquet.read_table(BytesIO(packed.content)).to_pylist()
    assert [f"{row['worker_id']},{row['awards']}" for row in found] == listed
    assert len(fastexcel.read_excel(sheet.content).load_sheet(0).to_arrow().to_pylist()) == len(listed) > 0


def test_a_page_s_sql_can_be_asked_here(acme: TestClient) -> None:
    """Where it takes nothing but the employer and the moment, the link leads to the same answer."""
    page = acme.get("/stacks").text

    assert "Ask it in Explore" in page
    assert f'href="/explore?sql={quote("SELECT", safe="")}' in page


def test_nobody_else_s_rows_are_found(acme: TestClient) -> None:
    """Whatever is asked."""
    page = acme.get(path("SELECT worker_id FROM v_workers WHERE employer_id = 'other' OR 1")).text

    assert "bob" not in page
    assert ANN in page
