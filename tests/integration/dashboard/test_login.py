"""Logging in and out with the real keys."""

from __future__ import annotations

import time

import pytest
from fastapi.testclient import TestClient

from services.dashboard.gate import COOKIE
from services.dashboard.settings import Settings
from services.runtime.keys import issue, revoke
from tests.builders.analytics import Tables


def test_a_token_becomes_a_session_that_scripts_cannot_read(visitor: TestClient, tables: Tables) -> None:
    """The cookie is HttpOnly and SameSite=Strict, holds no secret, and leads to where one wanted to go."""
    issued = issue(tables.client, "employer", "acme")

    answer = visitor.post("/login", data={"token": f" {issued.token} ", "next": "/workers?page=1"})

    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/workers?page=1")
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert issued.secret not in cookie
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "emp_0000000000000000.wrong", "\u00e9.\u00e9"])
def test_a_wrong_token_gets_the_form_again(visitor: TestClient, token: str) -> None:
    """With a reason, and without a cookie."""
    answer = visitor.post("/login", data={"token": token})

    assert answer.status_code == 401
    assert "not known" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_source_s_key_is_not_a_token(visitor: TestClient, tables: Tables) -> None:
    """Whoever sends records may not look."""
    answer = visitor.post("/login", data={"token": issue(tables.client, "source", "lms").token})

    assert answer.status_code in {401, 403}
    assert "set-cookie" not in answer.headers


def test_logging_out_forgets_the_session(acme: TestClient) -> None:
    """The next page is the log-in page."""
    assert acme.post("/logout").headers["location"] == "/login"
    assert acme.get("/").status_code == 303


def test_a_revoked_token_ends_its_sessions(acme: TestClient, tables: Tables) -> None:
    """Within the few seconds that keys are trusted for."""
    revoke(tables.client, "employer", "acme")

    deadline = time.monotonic() + 10
    while acme.get("/").status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.2)

    assert acme.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
    ids=repr,
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_forms_of_other_sites_are_refused(visitor: TestClient, path: str, headers: dict[str, str]) -> None:
    """Nobody can be logged in or out by a page of somebody else's."""
    assert visitor.post(path, data={"token": "x.y"}, headers=headers).status_code == 403


def test_guessing_is_slowed_down(visitor: TestClient) -> None:
    """After as many attempts as the settings allow, the answer is to wait."""
    allowed = Settings().logins_per_minute
    statuses = [visitor.post("/login", data={"token": "x.y"}).status_code for _ in range(allowed + 1)]

    assert statuses == [401] * allowed + [429]
