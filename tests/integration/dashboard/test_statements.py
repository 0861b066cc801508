"""Every named query is planned by ClickHouse itself, which finds unknown columns, views and parameters."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.dashboard.queries import statements
from tests.builders.analytics import NOW, Tables

STATEMENTS = statements()
PARAMETERS: dict[str, Any] = {
    "employer_id": "acme",
    "worker_id": "ann",
    "stack_id": "it",
    "achievement_id": "known",
    "search": "x",
    "sort": "closest",
    "digest": "sha-256:0",
    "days": 60,
    "weeks": 26,
    "as_of": NOW,
    "minutes": 60,
    "most": 5,
    "dimension": "gender",
    "version": "1",
    "paths": ["/all/0", "/all/1"],
    "stalled_days": 90,
    "limit": 10,
    "offset": 0,
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_clickhouse_can_plan_it(shared_tables: Tables, name: str) -> None:
    """EXPLAIN PLAN resolves every name and type."""
    named = set(re.findall(r"\{(\w+):", STATEMENTS[name]))

    plan = shared_tables.client.query(f"EXPLAIN PLAN {STATEMENTS[name]}", {key: PARAMETERS[key] for key in named})

    assert plan.result_rows
