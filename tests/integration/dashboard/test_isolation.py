"""Tenants: another employer, whatever it asks for and however, finds nothing of acme's."""

from __future__ import annotations

import time
from inspect import signature
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from services.dashboard.export_tables import EXPORTS
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.live import draw
from services.dashboard.queries import statements
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import Wiring
from services.runtime.keys import Verifier, issue
from tests.builders.analytics import Tables
from tests.integration.dashboard.conftest import ANN, MARK, STACK, logged_in
from tests.integration.dashboard.test_statements import PARAMETERS

TRICKS = ("", "employer_id=acme", "employer=acme&tenant=acme", f"search={MARK}", "search=%25&sort=expiry", "days=3650")


@pytest.fixture
def tables(shared_tables: Tables) -> Tables:
    """These tests only look, so they share their rows."""
    return shared_tables


@pytest.fixture
def other(visitor: TestClient, tables: Tables) -> TestClient:
    """A browser that is logged in as the other employer, and claims to be acme wherever else it can."""
    visitor.headers["x-employer-id"] = "acme"
    visitor.cookies.set("employer_id", "acme")
    return logged_in(visitor, tables, "other")


def paths(kind: Kind) -> list[str]:
    """The kind's path, with acme's ids in it."""
    path = kind.path.replace("{worker_id:path}", quote(ANN, safe="")).replace("{stack_id:path}", quote(STACK, safe=""))
    return [path, path.replace(quote(STACK, safe=""), "shared")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_page_and_no_endpoint_shows_another_employer_s_rows(other: TestClient, kind: Kind) -> None:
    """Pages and JSON, with acme's ids and with every parameter that might name it."""
    for path in paths(kind):
        for trick in TRICKS:
            page = other.get(f"{path}?{trick}")
            data = other.get(f"/api/v1{path if path != '/' else '/overview'}?{trick}")
            shown = (page.text + data.text).replace(f'value="{MARK}"', "").replace(f'"{MARK}".', "")
            asked = shown.replace(f"search={MARK}", "").replace(f'"search":"{MARK}"', "").replace(f'"{MARK}"', "")

            asked = asked.replace(f"<code>{MARK}</code>", "")  # the parameter, below the page
            assert MARK not in asked.replace(f"&#34;{MARK}&#34;", ""), (path, trick)
            assert page.status_code == data.status_code


@pytest.mark.parametrize("table", sorted(EXPORTS))
def test_no_export_holds_another_employer_s_rows(other: TestClient, table: str) -> None:
    """Every table, for acme's worker and stacks."""
    for stack in (STACK, "shared"):
        for trick in TRICKS:
            answer = other.get(f"/export/{table}.csv?{trick}&worker_id={quote(ANN)}&stack_id={quote(stack)}")

            assert MARK not in answer.text, (stack, trick)


@pytest.mark.parametrize("name", sorted(statements()))
def test_no_query_finds_another_employer_s_rows(wiring: Wiring, name: str) -> None:
    """Every named query, asked by the other employer about acme's worker and stack."""
    sql = statements()[name]
    asked = PARAMETERS | {"worker_id": ANN, "stack_id": STACK, "search": "", "days": 3650}
    given: dict[str, Any] = {key: value for key, value in asked.items() if f"{{{key}:" in sql and key != "employer_id"}

    assert MARK not in repr(wiring.queries.rows(name, Tenant("other"), **given))
    assert MARK not in repr(wiring.queries.rows(name, Tenant("nobody"), **given))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_live_stream_draws_another_employer_s_rows(other: TestClient, wiring: Wiring, kind: Kind) -> None:
    """What a stream would send, asked with acme's ids; streams of what is not there begin with nothing."""
    asks: dict[str, Any] = {"worker": {"worker_id": ANN}, "stack": {"stack_id": STACK}}
    if kind.name in asks:
        assert other.get(f"/api/v1{paths(kind)[0]}").status_code == 404
        return
    request: Any = type("Request", (), {"app": other.app})
    ask = kind.ask(request) if "request" in signature(kind.ask).parameters else kind.ask()

    assert MARK in repr(draw(kind, ask, wiring, Tenant("acme")))
    assert MARK not in repr(draw(kind, ask, wiring, Tenant("other")))


def test_an_id_of_another_employer_is_answered_as_one_that_never_was(other: TestClient) -> None:
    """Not even that somebody of this name exists is told."""
    for kind, foreign in (("workers", ANN), ("stacks", STACK)):
        real = other.get(f"/api/v1/{kind}/{quote(foreign, safe='')}")
        made_up = other.get(f"/api/v1/{kind}/made-up")

        assert (real.status_code, real.json()) == (made_up.status_code, made_up.json())


def test_a_token_decides_and_not_the_session_beside_it(other: TestClient, tables: Tables) -> None:
    """A bearer token of acme's shows acme's rows even where the browser is logged in as the other."""
    token = issue(tables.client, "employer", "acme").token
    time.sleep(Verifier.LOOKUP_SECONDS)  # how soon after the last look a new key is looked for

    seen = other.get("/api/v1/workers", headers={"authorization": f"Bearer {token}"}).json()

    assert [row["worker_id"] for row in seen["workers"]] == [ANN, "carl"]
    assert [row["worker_id"] for row in other.get("/api/v1/workers").json()["workers"]] == ["bob"]


def test_workers_of_nobody_are_nobody_s(other: TestClient, tables: Tables) -> None:
    """Rows with no employer stay unseen, whoever asks."""
    tables.put("employments", {"employer_id": "", "worker_id": "x", "started_at": PARAMETERS["as_of"], "version": 1})

    assert [row["worker_id"] for row in other.get("/api/v1/workers").json()["workers"]] == ["bob"]
