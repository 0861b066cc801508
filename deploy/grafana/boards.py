"""Dashboards as Grafana's JSON: ids by order, places by filling rows of 24 columns, one provisioned data source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from deploy.grafana.panels import Dashboard, Panel, Variable, sql_of

SOURCE: Final = {"type": "grafana-clickhouse-datasource", "uid": "stepwell"}
"""As in provisioning/datasources/stepwell.yaml."""
COLUMNS: Final = 24
SCHEMA_VERSION: Final = 39
AS_TABLE: Final = 1
AS_SERIES: Final = 0


def board(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana reads it from a file."""
    return {
        "uid": f"stepwell-{dashboard.name}",
        "title": dashboard.title,
        "description": dashboard.meaning,
        "tags": ["stepwell"],
        "editable": False,
        "schemaVersion": SCHEMA_VERSION,
        "timezone": "utc",
        "time": {"from": dashboard.since, "to": "now"},
        "refresh": "1m",
        "templating": {"list": [_variable(dashboard, one) for one in dashboard.variables]},
        "panels": [
            _panel(dashboard, panel, number, place)
            for number, (panel, place) in enumerate(placed(dashboard.panels), start=1)
        ],
    }


def placed(panels: Sequence[Panel]) -> Iterator[tuple[Panel, dict[str, int]]]:
    """Each panel with its place: from left to right, a new row where it does not fit; none overlaps another."""
    left = top = tallest = 0
    for panel in panels:
        if left + panel.width > COLUMNS:
            left, top, tallest = 0, top + tallest, 0
        yield panel, {"x": left, "y": top, "w": panel.width, "h": panel.height}
        left, tallest = left + panel.width, max(tallest, panel.height)


def _panel(dashboard: Dashboard, panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.shape,
        "title": panel.title,
        "description": panel.meaning,
        "gridPos": place,
        "datasource": SOURCE,
        "targets": [_target(sql_of(dashboard, panel.name), panel)],
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if panel.shape == "stat" else {},
    }


def _target(sql: str, panel: Panel) -> dict[str, Any]:
    is_series = panel.shape == "timeseries"
    return {
        "refId": "A",
        "datasource": SOURCE,
        "editorType": "sql",
        "queryType": "timeseries" if is_series else "table",
        "format": AS_SERIES if is_series else AS_TABLE,
        "rawSql": sql,
    }


def _variable(dashboard: Dashboard, variable: Variable) -> dict[str, Any]:
    sql = sql_of(dashboard, variable.name)
    return {
        "name": variable.name,
        "label": variable.title,
        "type": "query",
        "datasource": SOURCE,
        "query": sql,
        "definition": sql,
        "refresh": 1,
        "multi": False,
        "includeAll": False,
    }
