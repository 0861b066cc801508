"""Skills, equity and data: what teams hold, how groups fare without telling of anybody, how good the sources are."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.builders.analytics import DAY, NOW, Tables, award, employment, progress

PEOPLE = [f"w{number:02}" for number in range(40)]


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """Forty workers in two teams, half of them verified welders; a role that expects it; groups of 25, 12 and 3."""
    of_acme = {"employer_id": "acme", "version": 1}
    tables.put("employments", *(employment(worker) for worker in PEOPLE))
    tables.put(
        "awards",
        *(
            award(worker, "weld", skills=["welding"], trust=3 if place % 2 else 0, valid_from=NOW - 50 * DAY)
            for place, worker in enumerate(PEOPLE[:30])
        ),
        award("w01", "weld-2", skills=["welding"], trust=2, valid_from=NOW - 5 * DAY),
    )
    tables.put("progress", *(progress(worker, "s", 1 if place < 20 else 0.6) for place, worker in enumerate(PEOPLE)))
    tables.put(
        "worker_roles",
        *(
            of_acme | {"worker_id": worker, "team": "North" if place < 15 else "South", "role": "Welder"}
            for place, worker in enumerate(PEOPLE)
        ),
    )
    tables.put("role_skills", of_acme | {"role": "Welder", "skill": "welding"})
    tables.put(
        "worker_groups",
        *(
            of_acme | {"worker_id": worker, "dimension": "age", "group_name": "a" if place < 25 else "b"}
            for place, worker in enumerate(PEOPLE[:37])
        ),
        *(of_acme | {"worker_id": worker, "dimension": "age", "group_name": "tiny"} for worker in PEOPLE[37:]),
    )
    return tables


@pytest.mark.usefixtures("filled")
def test_skills_are_counted_by_team_and_by_what_was_checked(acme: TestClient) -> None:
    """Holders, verified ones, experts, and how far a role's expectation is met."""
    seen = acme.get("/api/v1/skills").json()

    assert [(team["team"], team["workers"]) for team in seen["teams"]] == [("North", 15), ("South", 25)]
    (row,) = seen["skills"]
    assert (row["holders"], row["verified"], row["experts"], row["by_team"]) == (30, 15, 1, [15, 15])
    assert seen["gaps"] == [{"role": "Welder", "skill": "welding", "workers": 40, "holders": 30, "verified": 15}]
    assert seen["experts"] == [{"skill": "welding", "experts": 1, "workers": ["w01"]}]
    page = acme.get("/skills").text
    assert "Of 30 holdings of a skill 15 (50 %) are verified" in page
    assert re.search(r'heat-5" data-label="North">15<', page)


@pytest.mark.usefixtures("filled")
def test_skills_of_the_past_are_those_held_then(acme: TestClient) -> None:
    """Forty days ago nobody was an expert; before anybody earned it there is no skill."""
    then = acme.get(f"/api/v1/skills?as_of={(NOW - 40 * DAY).date()}").json()

    assert [(row["holders"], row["experts"]) for row in then["skills"]] == [(30, 0)]
    assert acme.get(f"/api/v1/skills?as_of={(NOW - 60 * DAY).date()}").json()["skills"] == []


@pytest.mark.usefixtures("filled")
def test_a_group_too_small_to_tell_of_is_hidden_and_says_why(acme: TestClient) -> None:
    """Neither its figures nor those by which they could be worked out; who is in which group is nowhere."""
    seen = acme.get("/api/v1/equity").json()

    assert (seen["stack_id"], seen["dimensions"], seen["minimum"]) == ("s", ["age"], 10)
    tiny = next(group for group in seen["groups"] if group["group_name"] == "tiny")
    assert (tiny["workers"], tiny["complete_share"], tiny["hidden"]) == (None, None, "small")
    large = next(group for group in seen["groups"] if group["group_name"] == "a")
    assert large["workers"] is None or abs(large["workers"] - 25) <= 2
    assert "w37" not in acme.get("/equity").text


@pytest.mark.usefixtures("filled")
def test_an_unknown_stack_or_dimension_is_answered_with_the_first(acme: TestClient) -> None:
    """A link that was kept for long still leads somewhere."""
    seen = acme.get("/api/v1/equity?stack=gone&dimension=other").json()

    assert (seen["stack_id"], seen["dimension"]) == ("s", "age")


@pytest.mark.usefixtures("filled")
def test_sources_tell_how_much_and_how_fresh(acme: TestClient) -> None:
    """What was stated of these workers lately, and what has not been measured says so."""
    (source,) = acme.get("/api/v1/data").json()["sources"]

    assert (source["source"], source["workers"], source["awards"]) == ("lms", 30, 31)
    assert (source["record_latest"], source["end_to_end_p95_seconds"]) == (None, None)
    assert "not known" in acme.get("/data").text


def test_pages_of_nobody_say_so(acme: TestClient) -> None:
    """An employer of whom nothing is known gets sentences."""
    assert "stands for a skill" in acme.get("/skills").text
    assert "You have not said which groups there are" in acme.get("/equity").text
    assert "No records about your workers have come in yet." in acme.get("/data").text
