"""Grafana's dashboards: every panel's SQL is run on the engine, and an employer's shows nobody else's rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from deploy.clickhouse.migrations import migrate
from deploy.grafana.__main__ import DASHBOARDS
from deploy.grafana.employer import EMPLOYER
from deploy.grafana.panels import Dashboard, Panel, sql_of
from tests.builders.analytics import NOW, Tables
from tests.builders.grafana import expanded
from tests.integration.dashboard.conftest import ANN, MARK, STACK, filled

PANELS = [(dashboard, panel) for dashboard in DASHBOARDS for panel in dashboard.panels]
MANY_PEOPLE = frozenset({"outcomes"})
"""Empty on so few workers: what it shows is worked out by the engine in its own time."""
RECORD = {
    "record_id": uuid.UUID(int=1),
    "worker_id": ANN,
    "source": f"lms-{MARK}",
    "occurred_at": NOW,
    "received_at": NOW,
}
REFUSAL = {
    "refusal_id": uuid.UUID(int=2),
    "source": f"lms-{MARK}",
    "reason": "unknown",
    "refused_at": NOW,
    "version": 1,
}


@pytest.fixture(scope="module")
def tables(clickhouse_url: str) -> Iterator[Tables]:
    """One database for all panels, which only look."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    migrate(clickhouse_url, name)
    tables = filled(Tables(clickhouse_url, name))
    tables.put("records", RECORD)
    tables.put("refusals", REFUSAL)
    yield tables
    tables.client.command(f"DROP DATABASE {name}")
    tables.close()


@pytest.mark.parametrize("dashboard, panel", PANELS, ids=[f"{one.name}-{panel.name}" for one, panel in PANELS])
def test_every_panel_s_query_runs(tables: Tables, dashboard: Dashboard, panel: Panel) -> None:
    """With rows to show, wherever a handful of workers is enough for some; a series begins with its time."""
    found = tables.client.query(expanded(sql_of(dashboard, panel.name), "acme"))

    assert found.result_rows or panel.name in MANY_PEOPLE
    assert panel.shape != "timeseries" or found.column_names[:1] == ("time",)


def test_the_choice_of_employers_names_them(tables: Tables) -> None:
    """By what Grafana wants a variable's columns to be called."""
    found = tables.client.query(expanded(sql_of(EMPLOYER, "employer"), "")).named_results()

    assert {"__value": "acme", "__text": f"ACME {MARK}"} in list(found)


@pytest.mark.parametrize("panel", EMPLOYER.panels, ids=lambda panel: panel.name)
def test_no_panel_shows_another_employer_s_rows(tables: Tables, panel: Panel) -> None:
    """Whichever employer is chosen, and however its name is spelled; what catalogs say is no secret."""
    for employer_id in ("other", "nobody", "x' OR employer_id = 'acme"):
        found = repr(tables.client.query(expanded(sql_of(EMPLOYER, panel.name), employer_id)).result_rows)

        assert MARK not in found.replace(STACK, "").replace(f"Stack <{MARK}>", ""), employer_id
