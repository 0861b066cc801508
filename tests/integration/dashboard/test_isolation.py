"""Tenants: another employer, whatever it asks for and however, finds nothing of acme's."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from itertools import product
from typing import Any, Final
from urllib.parse import quote, quote_plus, urlencode

import pytest
from fastapi.testclient import TestClient

from services.dashboard.export_tables import EXPORTS
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.live import draw
from services.dashboard.queries import statements
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import Wiring
from services.runtime.keys import Verifier, issue
from tests.builders.analytics import DAY, NOW, Tables
from tests.builders.routes import Endpoint, endpoints
from tests.integration.dashboard.conftest import ANN, MARK, STACK, logged_in
from tests.integration.dashboard.test_statements import PARAMETERS

TRICKS = ("employer_id=acme&employer=acme&tenant=acme", f"search={MARK}")


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


IN_PATHS: Final[Mapping[str, Sequence[str]]] = {
    "worker_id": (ANN, "carl"),
    "stack_id": (STACK, "shared"),
    "achievement_id": ("known", "formula"),
    "table": sorted(EXPORTS),
    "form": ("csv",),
    "digest": ("0",),
    "link": ("0",),
    "name": ("app.css",),
    "number": ("1",),
    "path": ("acme",),
}
"""What of acme's is put into each part of a path; workbooks and Parquet files are made of the rows that a CSV is."""
IN_QUERIES: Final[Mapping[str, Sequence[str]]] = {
    "search": ("", "only", "%", "carl"),
    "sort": ("worker", "credentials", "closest", "expiry"),
    "worker_id": (ANN, "carl"),
    "stack_id": (STACK, "shared"),
    "stack": (STACK, "shared"),
    "dimension": (f"by-{MARK}", "gender"),
    "achievement": ("known",),
    "text": ("only", "known"),
    "skill": (f"skill-{MARK}",),
    "type": ("certificate",),
    "level": ("",),
    "field": ("",),
    "days": ("3650", "1"),
    "as_of": ("", (NOW - 5 * DAY).date().isoformat()),
    "page": ("1", "2"),
    "rows": ("10000", "1"),
    "cursor": ("",),
    "budget": ("100", "0"),
    "source": (f"lms-{MARK}",),
    "reason": ("",),
    "sql": ("SELECT * FROM v_workers", "SELECT * FROM v_awards WHERE employer_id = 'acme' OR 1"),
    "credential": ("",),
    "next": ("/workers",),
}
"""What is asked by each name in a query string, of acme's or as wide as it goes; firsts together, and so on."""
ASKED_ELSEWHERE: Final = frozenset({f"/live{kind.data_path}" for kind in KINDS})
"""Streams, which do not end: `test_no_live_stream_draws_another_employer_s_rows`."""
POSTED: Final = frozenset({"/login", "/logout", "/verify", "/api/v1/explore"})
"""Three that take no employer's id; the fourth is asked below as by GET."""


def addresses(endpoint: Endpoint) -> Iterator[tuple[str, list[str]]]:
    """Every address to try an endpoint at, with the values in it. Raises: KeyError for a parameter unheard of."""
    names = re.findall(r"{(\w+)(?::path)?}", endpoint.path)
    longest = max((len(IN_QUERIES[name]) for name in endpoint.asked), default=1)
    asked = [
        {name: IN_QUERIES[name][turn % len(IN_QUERIES[name])] for name in sorted(endpoint.asked)}
        for turn in range(longest)
    ]
    for values in product(*(IN_PATHS[name] for name in names)):
        path = endpoint.path
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"{{{name}(:path)?}}", lambda _, value=value: quote(value, safe=""), path)  # type: ignore[misc]
        for given in [*asked, {}]:
            query = urlencode({name: value for name, value in given.items() if value})
            yield f"{path}?{query}", [*values, *given.values()]
        yield from ((f"{path}?{trick}", [*values, MARK]) for trick in TRICKS)


def leaked(text: str, sent: Sequence[str]) -> bool:
    """Whether something of acme's is in an answer, besides what was sent, and what catalogs tell to everybody."""
    for value in sorted({*sent, STACK, f"Stack <{MARK}>", f"Known as {MARK}"} - {""}, key=len, reverse=True):
        for form in (value, html.escape(value), quote(value, safe=""), quote(value), quote_plus(value)):
            text = text.replace(form, "")
    return MARK in text or re.search(r"\bcarl\b", text) is not None


def test_no_route_shows_another_employer_s_rows(other: TestClient) -> None:
    """Every page, endpoint and export that the application has, with acme's ids and whatever filter might name it."""
    gets = [one for one in endpoints(other.app) if one.method == "GET" and one.path not in ASKED_ELSEWHERE]  # type: ignore[arg-type]
    found = [
        address for endpoint in gets for address, sent in addresses(endpoint) if leaked(other.get(address).text, sent)
    ]

    assert found == []
    assert len(gets) > 30


def test_no_route_is_left_out(other: TestClient) -> None:
    """What is neither asked above nor here has to be thought of first."""
    everything = endpoints(other.app)  # type: ignore[arg-type]

    assert {one.path for one in everything if one.method == "POST"} == POSTED
    assert {one.path for one in everything if one.path.startswith("/live/")} == ASKED_ELSEWHERE
    assert {one.method for one in everything} <= {"GET", "POST"}


def test_that_test_would_notice(acme: TestClient) -> None:
    """Acme itself finds its own at the same addresses."""
    gets = [one for one in endpoints(acme.app) if one.path in {"/", "/workers", "/export/{table}.{form}"}]  # type: ignore[arg-type]
    seen = {
        one.path: any(leaked(acme.get(address).text, sent) for address, sent in list(addresses(one))[:20])
        for one in gets
    }

    assert seen == {"/": True, "/workers": True, "/export/{table}.{form}": True}


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
