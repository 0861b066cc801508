"""Views' forms for one employer give that employer's rows of the views themselves."""

from __future__ import annotations

import json
from typing import Any

from services.dashboard.tenant_views import tenant_views
from tests.builders.analytics import (
    DAY,
    NOW,
    Tables,
    award,
    employment,
    missing_part,
    progress,
    role_skill,
    worker_role,
)

MOMENT = frozenset({"silent_seconds", "stored_latest", "end_to_end_p50_seconds", "end_to_end_p95_seconds"})
"""Columns that speak of the instant of asking."""
OF_CATALOG = frozenset({"v_names", "v_stacks"})
"""Tell of the catalog even to an employer that never had a worker, where the view does not."""


def fill(tables: Tables) -> None:
    """Two employers: two people with something of everything, one who left, one who is with both, teams and roles."""
    tables.put("employments", employment("ann"), employment("ann", started_at=NOW - DAY), employment("ben"))
    tables.put(
        "employments", employment("cy", ended_at=NOW - DAY), employment("ben", "other"), employment("dot", "other")
    )
    for worker, employer in (("ann", "acme"), ("ben", "acme"), ("cy", "acme"), ("ben", "other"), ("dot", "other")):
        for place, days in enumerate((10, 40, 400)):
            tables.put(
                "awards",
                award(
                    worker, f"a{place}", employer, award_id=f"1-{place}", skills=["sql", f"s{place}"], trust=place + 1
                ),
                award(worker, f"a{place}", employer, award_id=f"2-{place}", skills=["sql"], trust=2, source="other"),
                award(worker, "old", employer, achievement_name="Old", skills=["cobol"], valid_until=NOW - days * DAY),
            )
        missing = json.dumps([{**missing_part("x"), "path": "/all/3", "options": ["b"]}])
        tables.put("progress", progress(worker, "it", 0.25, employer, as_of=NOW - 9 * DAY))
        short = progress(worker, "it", 0.75, employer, missing=missing, awards_to_finish=1, finish_with=["b", "c"])
        tables.put("progress", short)
        tables.put("progress", progress(worker, "law", 1, employer), progress(worker, "art", 0, employer))
    stack = {"stack_id": "it", "stack_version": "1", "title": "IT", "awards": "", "level": "", "document": "{}"}
    tables.put("catalog_stacks", stack | {"version": 1})
    tables.put("worker_roles", worker_role("ann", team="red", role="dev"), worker_role("cy", team="red", role="dev"))
    tables.put("role_skills", role_skill("dev", "sql"), role_skill("dev", "cobol"), role_skill("ops", "sql"))


def seen(tables: Tables, source: str, employer_id: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Columns with their types, and rows in one order without what speaks of the instant."""
    sql = f"SELECT * FROM {source} AS seen WHERE employer_id = {{employer_id:String}}"  # noqa: S608
    result = tables.client.query(sql, parameters={"employer_id": employer_id})
    names = result.column_names
    kept: list[dict[str, Any]] = [
        {name: value for name, value in zip(names, row, strict=True) if name not in MOMENT}
        for row in result.result_rows
    ]
    return list(zip(names, (one.name for one in result.column_types), strict=True)), sorted(map(repr, kept))


def test_they_give_the_views_columns_and_this_employer_s_rows(tables: Tables) -> None:
    """For whoever has workers, and for an employer that has none."""
    fill(tables)
    forms = {name: sql for name, sql in tenant_views().items() if name.startswith("v_")}
    differing = [
        (name, employer_id)
        for name, sql in forms.items()
        for employer_id in ("acme", "other", "nobody")
        if not (employer_id == "nobody" and name in OF_CATALOG)
        and seen(tables, f"({sql})", employer_id) != seen(tables, name, employer_id)
    ]

    assert differing == []
    assert all(seen(tables, name, "acme")[1] for name in forms)
