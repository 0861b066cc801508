"""A stack's page: the rules with how many have met each, drop-off, waits, who is one award away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from schemas.catalog import catalog_from_json
from services.core.stacks import compile_catalog
from services.dashboard.figures import FIGURES
from tests.builders.analytics import DAY, NOW, Tables, award, employment, stack_title
from tests.builders.workforce import judged

CATALOG: dict[str, Any] = {
    "achievements": [
        {"id": name, "name": f"Course <{name.upper()}>", "type": "course", "hours": 20} for name in "abcd"
    ],
    "stacks": [
        {
            "id": "s",
            "title": "The Stack",
            "requires": {
                "all": [{"award": "a"}, {"name": "elective", "any": [{"award": "b"}, {"award": "c"}]}, {"award": "d"}]
            },
        }
    ],
}
HELD = {"ann": "abd", "bob": "ac", "cat": "a", "dan": "d", "eve": "ad"}


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """Five workers, who hold these; each earned one every thirty days, the last a hundred days ago."""
    catalog = compile_catalog(catalog_from_json(json.dumps(CATALOG)))
    tables.put("catalogs", {"catalog_id": "c", "document": json.dumps(CATALOG), "version": 1})
    tables.put("catalog_stacks", stack_title("s", "The Stack"))
    tables.put("employments", *(employment(worker) for worker in HELD))
    for worker, names in HELD.items():
        awards = [
            award(worker, name, type="course", valid_from=NOW - (100 + 30 * (len(names) - place)) * DAY)
            for place, name in enumerate(names, start=1)
        ]
        tables.put("awards", *awards)
        tables.put("progress", *judged(worker, "acme", awards, catalog, NOW))
    return tables


@pytest.mark.usefixtures("filled")
def test_rules_say_how_many_have_met_them(acme: TestClient) -> None:
    """Of a way of a choice, how many use it; of the stack, how many completed it."""
    seen = acme.get("/api/v1/stacks/s").json()

    assert [(one["rule"]["path"], one["workers"]) for one in seen["rules"]] == [
        ("", 1),
        ("/all/0", 4),
        ("/all/1", 2),
        ("/all/1/any/0", 1),
        ("/all/1/any/1", 1),
        ("/all/2", 3),
    ]
    assert seen["rules"][1]["share"] == 0.8
    assert (seen["version"], seen["versions"]) == ("1", 1)


@pytest.mark.usefixtures("filled")
def test_drop_off_waits_and_who_is_nearest_are_told(acme: TestClient) -> None:
    """Parts met at least, days between awards that count, and who lacks one award."""
    seen = acme.get("/api/v1/stacks/s").json()

    assert [(step["parts"], step["workers"]) for step in seen["drop_off"]] == [(0, 5), (1, 5), (2, 3), (3, 1)]
    assert [(step["layer"], step["workers"]) for step in seen["layers"]] == [(0, 5), (1, 1)]
    assert [(step["step"], step["workers"], step["median_days"]) for step in seen["step_days"]] == [
        (1, 3, 30.0),
        (2, 1, 30.0),
    ]
    assert [(row["worker_id"], row["finish_names"]) for row in seen["nearest"]] == [
        ("bob", ["d"]),
        ("eve", ["b", "c"]),
    ]
    assert sum(curve["workers"] for curve in seen["curves"]) == 5
    assert sum(curve["completed"] for curve in seen["curves"]) == 1


def test_layers_are_the_columns_of_the_drawing(acme: TestClient, tables: Tables) -> None:
    """In a sequence each column is what has to come first; through it is who has all of it and all before."""
    rules = {"seq": [{"award": "a"}, {"all": [{"award": "b"}, {"award": "c"}]}]}
    document = {"achievements": CATALOG["achievements"], "stacks": [{"id": "s", "title": "S", "requires": rules}]}
    catalog = compile_catalog(catalog_from_json(json.dumps(document)))
    tables.put("catalogs", {"catalog_id": "c", "document": json.dumps(document), "version": 1})
    for worker, names in {"ann": "abc", "bob": "ab", "cat": "a", "dan": "b"}.items():
        awards = [award(worker, name, valid_from=NOW - (9 - place) * DAY) for place, name in enumerate(names)]
        tables.put("employments", employment(worker))
        tables.put("awards", *awards)
        tables.put("progress", *judged(worker, "acme", awards, catalog, NOW))

    seen = acme.get("/api/v1/stacks/s").json()

    assert [(step["rules"], step["workers"]) for step in seen["layers"]] == [
        ([], 4),
        (["Course <A>"], 3),
        (["Course <B>", "Course <C>"], 1),
        (["All of these"], 1),
    ]
    assert "Of 3 workers through layer 1, 2 are not through layer 2 yet" in acme.get("/stacks/s").text
    assert "Course <A>" in acme.get("/figures/layers.csv?stack_id=s").text


@pytest.mark.usefixtures("filled")
def test_every_figure_can_be_taken_along(acme: TestClient) -> None:
    """As CSV with its headings, and as what spreadsheets and data tools read; what there is none of is not found."""
    for name, figure in FIGURES.items():
        told, *packed = (
            acme.get(f"/figures/{name}.{form}?stack_id=s&worker_id=bob") for form in ("csv", "parquet", "xlsx")
        )
        absent = acme.get(f"/figures/{name}.csv?stack_id=no&worker_id=no")

        assert figure.columns[0] in told.text.splitlines()[0]
        assert [answer.content[:2] for answer in packed] == [b"PA", b"PK"]
        assert absent.status_code == (404 if figure.kind in {"stack", "worker"} else 200)


@pytest.mark.usefixtures("filled")
def test_the_page_draws_the_rules_and_says_the_same_in_a_table(acme: TestClient) -> None:
    """Boxes, dashed ways, one bracket, and every rule in words; what a catalog says is never markup."""
    page = acme.get("/stacks/s").text

    assert page.count('class="graph-box ') == 6
    assert page.count("graph-dashed") == 2
    assert page.count('class="graph-bracket"') == 1
    assert "Course &lt;A&gt;" in page
    assert "<A>" not in page
    assert "Most stop after 1 part of 3" in page


@pytest.mark.usefixtures("filled")
def test_of_the_past_the_rules_are_drawn_without_counts(acme: TestClient) -> None:
    """What was missing is not kept, and the page says so."""
    asked = f"as_of={NOW.date().isoformat()}"

    seen = acme.get(f"/api/v1/stacks/s?{asked}").json()

    assert {one["workers"] for one in seen["rules"]} == {None}
    assert (seen["drop_off"], seen["nearest"]) == ([], [])
    assert "What was missing is known of now only." in acme.get(f"/stacks/s?{asked}").text


@pytest.mark.usefixtures("filled")
def test_a_worker_s_stacks_are_explained_rule_by_rule(acme: TestClient) -> None:
    """Met or not, by what, and the best three next steps with every term."""
    seen = acme.get("/api/v1/workers/bob").json()

    told = seen["stacks"][0]["told"]
    assert [(one["path"], one["is_met"], one["used"]) for one in told["children"]] == [
        ("/all/0", True, ["a"]),
        ("/all/1", True, []),
        ("/all/2", False, []),
    ]
    (best,) = seen["next_best"]
    assert (best["achievement_id"], best["gains"][0]["completes"], best["weeks"]) == ("d", True, 2.0)
    page = acme.get("/workers/bob").text
    assert "Course &lt;D&gt; is not held." in page
    assert "It completes The Stack." in page


def test_an_award_that_does_not_count_says_why(acme: TestClient, filled: Tables) -> None:
    """A revoked one, in plain words, where it would have counted; the evidence and its separate answers beside it."""
    catalog = compile_catalog(catalog_from_json(json.dumps(CATALOG)))
    held = [award("fay", "a", award_id="x", revoked_at=NOW - 9 * DAY, revoked_reason="by mistake")]
    filled.put("employments", employment("fay"))
    filled.put("awards", *held)
    filled.put("progress", *judged("fay", "acme", held, catalog, NOW))
    body = {
        "evidence": "https://college.example/x",
        "answers": {"proof": True, "status": {"verdict": "no", "reason": "revoked"}},
    }
    for kind in ("award", "verification"):
        filled.put(
            "records",
            {
                "record_id": "5e1f0a52-0000-4000-8000-00000000000" + ("1" if kind == "award" else "2"),
                "worker_id": "fay",
                "kind": kind,
                "achievement_id": "a",
                "issuer_id": "issuer",
                "award_id": "x",
                "occurred_at": NOW - 8 * DAY,
                "received_at": NOW - 8 * DAY,
                "source": "lms",
                "dialect": "open_badges",
                "body": json.dumps(body),
                "version": 1,
            },
        )

    seen = acme.get("/api/v1/workers/fay").json()

    (refused,) = seen["stacks"][0]["told"]["children"][0]["refused"]
    assert refused["reason"].startswith("revoked ")
    assert refused["reason"].endswith(": by mistake")
    (held_award,) = seen["awards"]
    assert (held_award["evidence"], held_award["form"]) == ("https://college.example/x", "open_badges")
    assert [(one["question"], one["verdict"], one["reason"]) for one in held_award["answers"]] == [
        ("proof", "yes", ""),
        ("status", "no", "revoked"),
    ]
