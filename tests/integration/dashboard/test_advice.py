"""Advice: what a budget of awards finishes, for whom, and the achievements that do most."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders.analytics import Tables, employment, progress


def part(*options: str, gap: int = 1, rule: str = "award") -> dict[str, Any]:
    """A part that so many of these would meet."""
    return {"path": "/all/0", "rule": rule, "need": gap, "have": 0, "gap": gap, "options": options, "reason": "-"}


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """Ann lacks one award of two stacks, the same; Bob two of one; Cat credits, which no award is known to bring."""
    tables.put("employments", *(employment(worker) for worker in ("ann", "bob", "cat")), employment("dan", "other"))
    tables.put(
        "progress",
        progress("ann", "s", 0.8, missing=json.dumps([part("a", "b")])),
        progress("ann", "t", 0.5, missing=json.dumps([part("a")])),
        progress("bob", "s", 0.4, missing=json.dumps([part("c", "d", "e", gap=2, rule="count")])),
        progress("cat", "s", 0.9, missing=json.dumps([part("f", gap=3, rule="sum")])),
        progress("cat", "t", 1),
        progress("dan", "s", 0.9, "other", missing=json.dumps([part("z")])),
    )
    return tables


@pytest.mark.usefixtures("filled")
def test_a_budget_finishes_the_nearest_stacks_first(acme: TestClient) -> None:
    """One award may finish two stacks of one worker; what is bought once is not bought again."""
    one = acme.get("/api/v1/advice?budget=1").json()["plan"]
    three = acme.get("/api/v1/advice?budget=3").json()["plan"]

    assert [(row["worker_id"], row["stack_id"]) for row in one["finishes"]] == [("ann", "s"), ("ann", "t")]
    assert (one["spent"], three["spent"], three["workers"]) == (1, 3, 2)
    assert [(row["achievement"]["name"], row["awards"], row["stacks"]) for row in three["buy"]] == [
        ("a", 1, 2),
        ("c", 1, 1),
        ("d", 1, 1),
    ]
    assert [(point["awards"], point["stacks"]) for point in three["curve"]] == [(0, 0), (1, 2), (3, 3)]
    assert [(row["achievement"]["name"], row["workers"]) for row in three["alone"]] == [("a", 1)]
    assert (three["plans"], three["is_cut"]) == (3, False)


@pytest.mark.usefixtures("filled")
def test_the_page_is_a_form_that_works_without_script(acme: TestClient) -> None:
    """A slider with its value, a button, and the answer in a sentence."""
    page = acme.get("/advice?budget=3").text

    assert 'type="range" min="1" max="100" step="1" value="3"' in page
    assert "3 awards finish 3 stacks for 2 workers" in page
    assert acme.get("/advice?budget=0").status_code == 400
    assert acme.get("/advice?budget=101").status_code == 400


def test_with_nothing_to_finish_it_says_so(acme: TestClient) -> None:
    """Sentences, not empty tables."""
    assert "No stack is so near" in acme.get("/advice").text
