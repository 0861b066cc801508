"""A dashboard over a database of the test's own, and rows of two employers that may not see each other."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from deploy.clickhouse.migrations import migrate
from services.dashboard.bootstrap import wire
from services.dashboard.settings import Settings
from services.dashboard.web import make_app
from services.dashboard.wiring import Wiring
from services.runtime.keys import issue
from tests.builders.analytics import (
    DAY,
    NOW,
    Tables,
    achievement_name,
    award,
    employment,
    missing_part,
    progress,
    refusal,
    role_skill,
    stack_title,
    worker_group,
    worker_role,
)

MARK: Final = "acme-only"
"""In every text that only acme may read."""
ANN: Final = f"ann/{MARK}"
STACK: Final = f"https://stacks.example/{MARK}?v=1#top"


@pytest.fixture
def tables(database: tuple[str, str]) -> Iterator[Tables]:
    """The tables of the test's database."""
    tables = Tables(*database)
    yield tables
    tables.close()


@pytest.fixture
def two_employers(tables: Tables) -> Tables:
    """The test's tables with both employers' rows in them."""
    return filled(tables)


@pytest.fixture(scope="module")
def shared_tables(clickhouse_url: str) -> Iterator[Tables]:
    """The same for a module whose tests only look."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    migrate(clickhouse_url, name)
    tables = filled(Tables(clickhouse_url, name))
    yield tables
    tables.client.command(f"DROP DATABASE {name}")
    tables.close()


def filled(tables: Tables) -> Tables:
    """Acme with Ann, whose ids need encoding in paths, and Carl, who stands still; the other with Bob."""
    tables.put("employers", {"employer_id": "acme", "name": f"ACME {MARK}", "version": 1})
    tables.put("employments", employment(ANN), employment("carl"), employment("bob", "other"))
    tables.put("catalog_stacks", stack_title(STACK, f"Stack <{MARK}>"), stack_title("shared", "Shared stack"))
    tables.put("catalog_achievements", achievement_name("known", f"Known as {MARK}"))
    tables.put(
        "awards",
        award(ANN, "known", valid_until=NOW + 10 * DAY, source=f"lms-{MARK}", valid_from=NOW - 10 * DAY),
        award(ANN, "formula", achievement_name=f"=cmd|{MARK}", revoked_reason="", trust=0),
        award("carl", "known", trust=2, skills=[f"skill-{MARK}"], valid_from=NOW - 200 * DAY),
        award("carl", "second", trust=2, skills=[f"skill-{MARK}"], valid_from=NOW - 201 * DAY),
        award("bob", "plain", "other", achievement_name="Bob's course", valid_until=NOW + 20 * DAY),
    )
    of_acme = {"employer_id": "acme", "version": 1}
    tables.put("worker_roles", of_acme | {"worker_id": "carl", "team": f"team-{MARK}", "role": f"role-{MARK}"})
    tables.put("role_skills", of_acme | {"role": f"role-{MARK}", "skill": f"skill-{MARK}"})
    tables.put("worker_groups", of_acme | {"worker_id": "carl", "dimension": f"by-{MARK}", "group_name": f"g-{MARK}"})
    tables.put(
        "progress",
        progress(
            ANN,
            STACK,
            0.5,
            reasons=[f"A part of {MARK} is missing."],
            next_steps=["known"],
            allocation='{"issuer/known": "/all/0", "issuer/formula": "/all/1"}',
        ),
        progress(ANN, "shared", 1),
        progress(
            "carl",
            STACK,
            0.9,
            missing=json.dumps([missing_part(f"One {MARK} part is missing.") | {"options": ["known"]}]),
            next_steps=["known"],
        ),
        progress("bob", "shared", 0.25, "other"),
    )
    tables.put("refusals", refusal(f"lms-{MARK}"))
    tables.put("worker_roles", worker_role(ANN, f"Team {MARK}", "analyst"), worker_role("bob", "Ops", "clerk", "other"))
    tables.put("role_skills", role_skill("analyst", f"skill-{MARK}"), role_skill("clerk", "filing", "other"))
    tables.put("worker_groups", worker_group(ANN, f"group-{MARK}"), worker_group("bob", "b", employer_id="other"))
    return tables


@pytest.fixture
def wiring(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wiring:
    """The parts of a dashboard over the tables."""
    monkeypatch.delenv("STEPWELL_SESSION_SECRET", raising=False)
    return wire(Settings(clickhouse=tables.url, database=tables.database, home=tmp_path, page_rows=3))


@pytest.fixture
def visitor(wiring: Wiring) -> Iterator[TestClient]:
    """A browser that is not logged in and follows no redirect."""
    with TestClient(make_app(wiring), follow_redirects=False) as client:
        yield client


@pytest.fixture
def acme(visitor: TestClient, tables: Tables) -> TestClient:
    """A browser that is logged in as acme."""
    return logged_in(visitor, tables, "acme")


def logged_in(visitor: TestClient, tables: Tables, employer_id: str) -> TestClient:
    """Log the visitor in with a new token of the employer."""
    answer = visitor.post("/login", data={"token": issue(tables.client, "employer", employer_id).token})
    assert answer.status_code == 303, answer.text
    return visitor
