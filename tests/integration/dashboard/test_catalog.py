"""The catalog's pages: what achievements stand for, found by class, compared, and with measured outcomes."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from tests.builders.analytics import NOW, Tables, award, employment

CATALOG: dict[str, Any] = {
    "id": "c",
    "issuers": [{"id": "college", "name": "The College", "did": "did:web:college.example"}],
    "achievements": [
        {"id": "a/1", "name": "Networks <I>", "type": "course", "issuer": "college", "skills": ["routing"], "level": 1},
        {"id": "b", "name": "Beta", "type": "exam", "meaning": {"participation": "online"}},
        *({"id": f"n{number}", "name": f"Zeta {number}", "type": "badge"} for number in range(4)),
    ],
    "stacks": [{"id": "s", "title": "Both", "requires": {"all": [{"award": "a/1"}, {"award": "b"}]}}],
}


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """One catalog, one holder, and a registry that knows the college."""
    tables.put("employments", employment("ann"))
    tables.put("catalogs", {"catalog_id": "c", "document": json.dumps(CATALOG), "version": 1})
    tables.put("awards", award("ann", "a/1"))
    registry = {"id": "dcc", "kind": "static", "issuers": [{"id": "did:web:college.example"}]}
    tables.put(
        "issuer_registries",
        {"registry_id": "dcc", "position": 0, "document": json.dumps(registry), "version": 1},
    )
    return tables


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.usefixtures("filled")
def test_achievements_are_found_by_class_and_paged(acme: TestClient) -> None:
    """By name, three a page; facets are of everything."""
    seen = acme.get("/api/v1/catalog").json()
    assert [one["achievement_id"] for one in seen["achievements"]] == ["b", "a/1", "n0"]
    assert (seen["total"], seen["facets"]["type"][0]) == (6, ["badge", 4])
    (found,) = acme.get("/api/v1/catalog?skill=routing&text=NETWORKS").json()["achievements"]
    assert (found["name"], found["issuer"], found["holders"], found["counts_in"], found["verified"]) == (
        "Networks <I>",
        "The College",
        1,
        1,
        1,
    )
    page = acme.get("/catalog?type=badge")
    assert "4 badge" not in page.text
    assert 'href="/catalog?type=badge&amp;page=2"' in page.text
    assert acme.get("/catalog?page=3").status_code == 404
    assert "Nothing in the catalog is of this kind" in _text(acme.get("/catalog?type=opera").text)


@pytest.mark.usefixtures("filled")
def test_an_achievements_page_goes_through_the_checklist(acme: TestClient) -> None:
    """Each question with its state, answer and witness; where it counts; text is never markup."""
    page = acme.get("/catalog/a%2F1")
    text = _text(page.text)
    assert "Networks <I>" not in page.text
    assert "Networks &lt;I&gt;" in page.text
    assert "Awarding body Who stands behind it? EU standard Confirmed The College Confirmed by dcc (registry)" in text
    assert "Learning outcomes What can its holder do? EU standard Missing Not stated" in text
    assert "Both Not stated Required" in text
    assert "Completed Too few to tell Median time" in text
    told = acme.get("/api/v1/catalog/a%2F1").json()["described"]
    assert told["holders"] == 1
    assert {item["key"]: item["state"] for item in told["meaning"]["checklist"]}["awarding_body"] == "verified"
    assert acme.get("/catalog/zeta").status_code == 404
    assert acme.get("/api/v1/catalog/zeta").status_code == 404


@pytest.mark.usefixtures("filled")
def test_up_to_four_are_compared(acme: TestClient) -> None:
    """In the order asked for; none asks to choose; five are refused; an unknown one is not found."""
    told = acme.get("/api/v1/compare?achievement=b&achievement=a/1&achievement=b").json()
    assert [one["meaning"]["achievement"] for one in told["achievements"]] == ["b", "a/1"]
    assert "Form of participation Stated online" in _text(acme.get("/compare?achievement=b").text)
    assert "Choose achievements" in _text(acme.get("/compare").text)
    five = "&".join(f"achievement={one}" for one in ("a/1", "b", "n0", "n1", "n2"))
    assert acme.get(f"/compare?{five}").status_code == 400
    assert acme.get("/api/v1/compare?achievement=zeta").status_code == 404


@pytest.mark.usefixtures("filled")
def test_the_catalog_and_checklists_can_be_taken_along(acme: TestClient) -> None:
    """All that is wanted, whatever the page shows of it, in each form; the pages link them."""
    named = acme.get("/catalog.csv?type=badge").text.splitlines()
    packed = pyarrow.parquet.read_table(BytesIO(acme.get("/catalog.parquet").content))
    items = acme.get("/compare.csv?achievement=a/1&achievement=b").text

    assert [line.split(",")[1] for line in named[1:]] == [f"Zeta {number}" for number in range(4)]
    assert packed.num_rows == 6
    assert "a/1,Networks <I>,Awarding body,verified,The College" in items
    assert acme.get("/compare.xlsx?achievement=b").content.startswith(b"PK")
    assert 'href="/catalog.csv?type=badge"' in acme.get("/catalog?type=badge").text
    assert 'href="/compare.xlsx?achievement=a%2F1"' in acme.get("/catalog/a%2F1").text
    assert acme.get("/catalog.exe").status_code == 400


def test_outcomes_are_told_with_their_n(filled: Tables, acme: TestClient) -> None:
    """Figures of everybody, as the view shows them."""
    others = [f"w{number}" for number in range(20)]
    filled.put("employments", *(employment(name, "other") for name in others))
    filled.put("awards", *(award(name, "b", "other", valid_from=NOW) for name in others))
    filled.client.command("SYSTEM REFRESH VIEW achievement_outcomes_feed")
    filled.client.command("SYSTEM WAIT VIEW achievement_outcomes_feed")
    told = acme.get("/api/v1/catalog/b").json()["described"]["outcomes"]
    assert (told["holders"], told["revocation_rate"], told["began"]) == (20, 0.0, None)
    assert "Revoked 0 % of 20 who hold or held it" in _text(acme.get("/catalog/b").text)


def test_a_catalog_that_does_not_compile_leaves_the_last_good_one(
    filled: Tables, acme: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the page stays up."""
    monkeypatch.setattr("services.dashboard.catalogs.FRESH_FOR", NOW - NOW)
    assert acme.get("/catalog/b").status_code == 200
    filled.put("catalogs", {"catalog_id": "c", "document": '{"id": "c", "stacks": 7}', "version": 2})
    assert acme.get("/catalog/b").status_code == 200


def test_without_a_catalog_there_is_nothing_to_list(acme: TestClient) -> None:
    """A sentence, not an error."""
    assert "No catalog is in force yet" in _text(acme.get("/catalog").text)


def test_only_who_is_logged_in_reads_it(visitor: TestClient) -> None:
    """As every page."""
    assert visitor.get("/catalog").status_code == 303
    assert visitor.get("/api/v1/compare").status_code == 401
