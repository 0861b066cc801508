"""The page on refusals: for operators, of all sources, with advice and without what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.runtime.keys import issue
from tests.builders.analytics import NOW, Tables

PATH = "/data/refusals"
API = "/api/v1/data/refusals"


def refused(source: str, reason: str, *, days: float = 1, redriven: int = 0, **more: Any) -> dict[str, Any]:
    """One row of refusals."""
    return {
        "refusal_id": uuid4(),
        "place": "0:7",
        "refused_at": NOW - timedelta(days=days),
        "source": source,
        "dialect": "native",
        "stage": "ingest.http",
        "reason": reason,
        "pointer": "/0/achievement",
        "detail": "achievement is required; add it",
        "attempts": 1,
        "octets": 20,
        "digest": "sha-256:0",
        "is_redriven": redriven,
        "version": 4,
        "is_deleted": 0,
        **more,
    }


@pytest.fixture
def operator(visitor: TestClient, tables: Tables) -> TestClient:
    """A visitor who has logged in as operator."""
    tables.put(
        "refusals",
        refused("lms", "missing"),
        refused("lms", "missing", redriven=1),
        refused("lms", "missing", days=20),
        refused("badges <b>", "wrong_context", detail="x < y"),
        refused("gone", "missing", is_deleted=1),
    )
    answer = visitor.post("/login", data={"token": issue(tables.client, "operator", "kim").token})
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    return visitor


def test_refusals_are_told_by_source_and_reason_with_what_mends_each(operator: TestClient) -> None:
    """Those sent back count as refused and not as still refused; what was purged does not count."""
    report = operator.get(API).json()
    assert (report["refused"], report["still_refused"], report["days"]) == (3, 2, 7)
    by_source = {group["source"]: group for group in report["groups"]}
    assert (by_source["lms"]["refused"], by_source["lms"]["still_refused"]) == (2, 1)
    assert by_source["lms"]["pointers"] == ["/0/achievement"]
    assert "leaves out" in by_source["lms"]["advice"]
    assert operator.get(API, params={"days": 30}).json()["refused"] == 4
    assert operator.get(API, params={"source": "lms", "reason": "wrong_context"}).json()["groups"] == []


def test_the_page_says_it_in_a_table(operator: TestClient) -> None:
    """Escaped, with the commands to go on with."""
    page = operator.get(PATH)
    assert page.status_code == 200
    assert "badges &lt;b&gt;" in page.text
    assert "stepwell rejected show 0:7" in page.text
    assert "does not name the vocabulary" in page.text
    assert operator.get(PATH, params={"days": "0"}).status_code == 400
    assert operator.get("/workers").status_code == 403


def test_employers_and_strangers_do_not_see_it(acme: TestClient) -> None:
    """Refusals may tell of other employers' sources."""
    assert acme.get(PATH).status_code == 403
    assert acme.get(API).status_code == 403
    acme.post("/logout")
    assert acme.get(PATH).status_code == 303
