"""What a panel and a dashboard are, before they become Grafana's JSON.

Apart from that JSON, because whoever adds a panel says what it shows and where its SQL is, and no more: ids, places
and the data source follow. A panel's SQL is the file `sql/DASHBOARD/NAME.sql`, read by the tests as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

FOLDER: Final = Path(__file__).parent / "sql"

Shape = Literal["stat", "timeseries", "barchart", "table"]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: the name of its SQL, a title, a sentence on what is seen, and its size on Grafana's grid of 24."""

    name: str
    title: str
    meaning: str
    shape: Shape = "table"
    width: int = 12
    height: int = 8
    unit: str = "short"


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice above the panels, whose values a query gives: `${NAME:sqlstring}` in their SQL."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Panels in reading order."""

    name: str
    title: str
    meaning: str
    since: str
    panels: tuple[Panel, ...]
    variables: tuple[Variable, ...] = ()


def sql_of(dashboard: Dashboard, name: str) -> str:
    """The SQL of one panel or variable, without the line's end."""
    return (FOLDER / dashboard.name / f"{name}.sql").read_text("utf-8").strip()
