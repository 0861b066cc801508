"""The moment in the address: pages, JSON and exports as they stood then, of today's workers."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.builders.analytics import DAY, NOW, Tables, award, employment, progress


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """Ann, who held one award until ten days ago, has held another for five, and went on meanwhile."""
    tables.put("employments", employment("ann"), employment("gone", ended_at=NOW - DAY))
    tables.put(
        "awards",
        award("ann", "old", trust=2, valid_from=NOW - 90 * DAY, valid_until=NOW - 10 * DAY),
        award("ann", "new", trust=3, valid_from=NOW - 5 * DAY),
        award("ann", "undone", valid_from=NOW - 60 * DAY, revoked_at=NOW - 3 * DAY),
        award("gone", "old", valid_from=NOW - 90 * DAY),
    )
    tables.put("progress", progress("ann", "it", 0.25, as_of=NOW - 30 * DAY), progress("gone", "it", 0.5))
    tables.put("progress", progress("ann", "it", 0.75, as_of=NOW - 2 * DAY))
    return tables


def day(days_ago: int) -> str:
    """The day so many days ago, as the address says it."""
    return (NOW - timedelta(days=days_ago)).date().isoformat()


@pytest.mark.usefixtures("filled")
def test_pages_show_what_was_in_force_then(acme: TestClient) -> None:
    """Awards by their dates, progress by its history, workers by today."""
    then = acme.get(f"/api/v1/overview?as_of={day(20)}").json()
    now = acme.get("/api/v1/overview").json()

    assert (then["tiles"]["by_tier"], now["tiles"]["by_tier"]) == ([0, 1, 1, 0, 0], [0, 0, 0, 1, 0])
    assert [(row["under_half"], row["half_or_more"]) for row in then["stacks"]] == [(1, 0)]
    assert [(row["under_half"], row["half_or_more"]) for row in now["stacks"]] == [(0, 1)]
    assert then["tiles"]["workers"] == now["tiles"]["workers"] == 1
    assert acme.get(f"/api/v1/overview?as_of={day(40)}").json()["stacks"] == []


@pytest.mark.usefixtures("filled")
def test_every_page_can_look_back(acme: TestClient) -> None:
    """Lists, a stack, a worker and exports; who is gone stays gone."""
    asked = f"as_of={day(20)}"

    (worker,) = acme.get(f"/api/v1/workers?{asked}").json()["workers"]
    (step,) = (row for row in acme.get(f"/api/v1/stacks/it?{asked}").json()["steps"] if row["workers"])
    awards = acme.get(f"/api/v1/workers/ann?{asked}").json()["awards"]
    exported = acme.get(f"/export/stacks.csv?{asked}").text

    assert (worker["worker_id"], worker["closest_progress"], worker["credentials"]) == ("ann", 0.25, 1)
    assert step == {"tenth": 2, "workers": 1}
    assert [(row["achievement_id"], row["status"]) for row in awards] == [("undone", "active"), ("old", "active")]
    assert ",0,0,1," in exported.splitlines()[1]
    assert acme.get(f"/workers/gone?{asked}").status_code == 404


@pytest.mark.usefixtures("filled")
def test_a_page_of_the_past_says_so_keeps_to_it_and_is_not_live(acme: TestClient) -> None:
    """A notice with the way back, links that keep the moment, exports of the same moment, and no stream."""
    page = acme.get(f"/workers?sort=closest&as_of={day(20)}").text

    assert "You are looking at the past" in page
    assert 'href="/workers?sort=closest">Back to now' in page
    assert f'href="/workers/ann?as_of={day(20)}"' in page
    assert f'href="/stacks?as_of={day(20)}"' in page
    assert f'href="/export/workers.csv?sort=closest&amp;as_of={day(20)}"' in page
    assert 'data-live=""' in page


def test_a_moment_that_is_none_is_refused_in_plain_words(acme: TestClient) -> None:
    """Neither words, nor an instant without its offset, nor what lies ahead."""
    for asked in ("yesterday", "2026-01-01T10:00:00", day(-2)):
        answer = acme.get(f"/api/v1/overview?as_of={quote(asked)}")

        assert answer.status_code == 400, asked
        assert "as_of" in answer.json()["detail"]
    assert acme.get(f"/?as_of={day(0)}").status_code == 200
    assert acme.get("/?as_of=").status_code == 200


def test_a_page_shows_the_sql_that_it_ran(acme: TestClient) -> None:
    """Each query by name with its parameters, the employer among them."""
    page = acme.get("/workers").text

    assert "The SQL it ran: 1 query" in page
    assert "FROM v_held" in page
    assert "<code>employer_id</code> = <code>acme</code>" in page


@pytest.mark.usefixtures("filled")
def test_links_keep_to_whose_page_it_is_and_of_when(acme: TestClient) -> None:
    """Links, forms and exports go on with both; each page gives the address of what it shows."""
    then = day(20)
    page = acme.get(f"/workers?employer=acme&as_of={then}").text

    assert f'href="/workers/ann?employer=acme&amp;as_of={then}"' in page
    assert f'href="/export/workers.csv?sort=worker&amp;employer=acme&amp;as_of={then}"' in page
    assert '<input type="hidden" name="employer" value="acme">' in page
    assert 'href="/workers/ann"' in acme.get("/workers").text
    (link,) = re.findall(r'href="([^"]+)">Link to', acme.get("/workers?search=ann&employer=acme").text)
    assert link.startswith("/workers?search=ann&amp;employer=acme&amp;as_of=2")
    assert acme.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.usefixtures("filled")
def test_an_address_of_another_employer_shows_nothing(acme: TestClient) -> None:
    """The credential decides whose figures there are; an address can only agree with it."""
    for path in ("/", "/workers/ann", "/catalog", "/explore", "/api/v1/workers", "/export/stacks.csv"):
        assert acme.get(path, params={"employer": "acme"}).status_code == 200
        assert acme.get(path, params={"employer": "other"}).status_code == 403
