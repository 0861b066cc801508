"""Pages, their JSON, and what is said when there is nothing to show."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from services.dashboard.kinds import KINDS
from services.dashboard.wiring import Wiring
from tests.builders.analytics import DAY, NOW, Tables, award, employment, progress
from tests.integration.dashboard.conftest import ANN, MARK, STACK

ANN_PATH = f"/workers/{quote(ANN, safe='')}"
STACK_PATH = f"/stacks/{quote(STACK, safe='')}"


def text_of(page: str) -> str:
    """A page's words, without its markup and spacing."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.usefixtures("two_employers")
def test_the_overview_counts_what_is_there(acme: TestClient) -> None:
    """Tiles, stacks, completions, what expires and where it comes from, as numbers."""
    seen = acme.get("/api/v1/overview").json()

    assert {name: value for name, value in seen["tiles"].items() if name != "evaluated_at"} == {
        "workers": 2,
        "credentials": 4,
        "verified": 2,
        "stated": 1,
        "self_asserted": 1,
        "by_tier": [1, 1, 2, 0, 0],
        "stacks_in_progress": 2,
        "stacks_complete": 1,
        "expiring": 1,
        "expiring_days": 60,
    }
    assert [(row["stack_id"], row["half_or_more"], row["complete"]) for row in seen["stacks"]] == [
        (STACK, 2, 0),
        ("shared", 0, 1),
    ]
    assert [step["pairs"] for step in seen["funnel"]] == [3, 3, 3, 1]
    assert [(row["worker_id"], row["stack_id"], row["reason"]) for row in seen["stalled"]] == [
        ("carl", STACK, f"One {MARK} part is missing.")
    ]
    assert sum(minute["changes"] for minute in seen["minutes"]) == 3
    assert len(seen["minutes"]) == 60
    assert len(seen["completions"]) == 26
    assert sum(week["stacks"] for week in seen["completions"]) == 1
    assert [row["achievement_name"] for row in seen["expiring"]] == [f"Known as {MARK}"]
    assert [row["awards"] for row in seen["sources"]] == [3, 1]


@pytest.mark.usefixtures("two_employers")
def test_a_worker_s_page_says_what_is_held_and_what_is_missing(acme: TestClient) -> None:
    """Issuer, trust, status and expiry of each award; for each stack what is missing, and the next step by name."""
    text = text_of(acme.get(ANN_PATH).text)

    assert f"Known as {MARK}" in text
    assert "1 Authenticated source" in text
    assert "0 Self-asserted" in text
    assert "In force" in text
    assert f"A part of {MARK} is missing." in text
    assert f"Next steps Known as {MARK}" in text
    assert "50 %" in text


@pytest.mark.usefixtures("two_employers")
def test_ids_of_any_form_lead_to_their_pages(acme: TestClient) -> None:
    """Slashes, question marks and hashes in an id are data, in links, pages and JSON alike."""
    listed = acme.get("/workers").text

    assert f'href="{ANN_PATH}"' in listed
    assert acme.get(f"/api/v1{ANN_PATH}").json()["worker_id"] == ANN
    assert acme.get(f"/api/v1{STACK_PATH}").json()["summary"]["stack_id"] == STACK
    assert f'data-live="/live{STACK_PATH}"' in acme.get(STACK_PATH).text


@pytest.mark.usefixtures("two_employers")
def test_text_from_records_is_never_markup(acme: TestClient) -> None:
    """A title with a tag in it is shown, also inside the charts' JSON."""
    page = acme.get("/").text

    assert f"<{MARK}>" not in page
    assert f"&lt;{MARK}&gt;" in page


def test_workers_are_found_paged_and_ordered(acme: TestClient, tables: Tables) -> None:
    """By part of an id or of what they hold, three a page, in the order asked for."""
    people = [f"w{number}" for number in range(7)]
    tables.put("employments", *(employment(worker) for worker in people))
    tables.put(
        "awards",
        *(award(worker, f"a{copy}", trust=2) for number, worker in enumerate(people) for copy in range(number)),
        award("w2", "unproven", trust=1),
        award("w2", "rare", achievement_name="Rare Welding", trust=2, valid_until=NOW + 5 * DAY),
        award("w5", "soon", trust=2, valid_until=NOW + DAY),
    )
    tables.put("progress", progress("w1", "it", 0.9), progress("w4", "it", 0.2))

    def seen(query: str) -> list[str]:
        return [row["worker_id"] for row in acme.get(f"/api/v1/workers?{query}").json()["workers"]]

    assert seen("") == ["w0", "w1", "w2"]
    assert seen("page=3") == ["w6"]
    assert seen("sort=credentials") == ["w5", "w6", "w4"]
    assert seen("sort=closest") == ["w1", "w4", "w0"]
    assert seen("sort=expiry") == ["w5", "w2", "w0"]
    assert seen("search=RARE%20weld") == ["w2"]
    assert seen("search=W3") == ["w3"]
    assert seen("search=nothing") == []
    assert acme.get("/workers?page=4").status_code == 404
    assert "7 workers" in text_of(acme.get("/workers?page=2").text)
    assert "No worker" in text_of(acme.get("/workers?search=nothing").text)


def test_empty_pages_say_so(acme: TestClient) -> None:
    """An employer of whom nothing is known yet gets sentences, not errors."""
    assert "No worker has begun a stack yet." in text_of(acme.get("/").text)
    assert "Nobody is employed with you" in text_of(acme.get("/workers").text)
    assert "counts towards a stack yet" in text_of(acme.get("/stacks").text)
    assert "Nothing expires" in text_of(acme.get("/expiring").text)


@pytest.mark.usefixtures("two_employers")
def test_who_left_is_not_found(acme: TestClient, tables: Tables) -> None:
    """From the moment an employment ends the person is nowhere to be seen."""
    tables.put("employments", employment(ANN, ended_at=NOW - DAY), employment("carl", ended_at=NOW - DAY))

    assert acme.get(ANN_PATH).status_code == 404
    assert acme.get(STACK_PATH).status_code == 404
    assert acme.get("/api/v1/overview").json()["tiles"]["workers"] == 0
    assert MARK not in acme.get("/").text.replace(f"ACME {MARK}", "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nobody_sees_anything_without_a_credential(visitor: TestClient, kind: object) -> None:
    """Pages lead to the log-in page and back; programs are told 401."""
    path = getattr(kind, "path")  # noqa: B009
    data_path = getattr(kind, "data_path")  # noqa: B009

    page = visitor.get(path)
    data = visitor.get(f"/api/v1{data_path}")
    stream = visitor.get(f"/live{data_path}")

    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, "/login")
    assert [(answer.status_code, answer.headers["www-authenticate"]) for answer in (data, stream)] == [
        (401, "Bearer"),
        (401, "Bearer"),
    ]
    assert data.headers["content-type"] == "application/problem+json"


def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(acme: TestClient) -> None:
    """RFC 9457 members with a pointer for each parameter that is wrong, and plain words in the browser."""
    problem = acme.get("/api/v1/workers?page=0&sort=up").json()
    page = acme.get("/workers?page=0")

    assert (problem["status"], problem["title"]) == (400, "Bad request")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/sort", "/page"]
    assert page.status_code == 400
    assert "Bad request" in page.text
    assert acme.get("/api/v1/nothing").json()["status"] == 404
    assert acme.get("/nothing").status_code == 404


def test_every_answer_has_the_policy_and_is_not_stored(acme: TestClient, wiring: Wiring) -> None:
    """No inline script, no other host, no cache of a tenant's page; assets are cached for a year."""
    page = acme.get("/")
    style = acme.get(wiring.assets.url("app.css"))

    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in style.headers["cache-control"]
    assert not re.search(r"<[^>]+\s(style|on\w+)=|<style|<script(?![^>]*\s(src|type=\"application/json\"))", page.text)


def test_operators_need_no_credential_and_learn_no_name(visitor: TestClient) -> None:
    """Alive, ready, and metrics by route."""
    assert visitor.get("/livez").status_code == 200
    assert visitor.get("/readyz").status_code == 200
    visitor.get("/workers/somebody")

    metrics = visitor.get("/metrics").text

    assert 'route="/workers/{worker_id:path}"' in metrics
    assert "somebody" not in metrics


def test_the_api_describes_itself(visitor: TestClient) -> None:
    """OpenAPI has every kind's endpoint with its answer."""
    described = visitor.get("/api/v1/openapi.json").json()["paths"]

    paths = {kind.data_path.replace(":path", "") for kind in KINDS}
    paths |= {"/catalog", "/catalog/{achievement_id}", "/compare"}
    assert {f"/api/v1{path}" for path in paths} <= set(described)
