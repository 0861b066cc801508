"""`/explore`: a box for SQL over the published views, what it finds as a table, and the views to ask.

A form whose address holds the SQL, so that a question can be kept and shared; it works without script. What may be
asked is decided by `explore`, which never sees more than the rows of whoever is logged in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.dashboard import csv_cells
from services.dashboard.errors import Refused
from services.dashboard.explore import Found
from services.dashboard.export_tables import Form
from services.dashboard.files import file_of, parquet_file
from services.dashboard.frame import LookOf, frame_of
from services.dashboard.look import Look
from services.dashboard.tenant_sql import LONGEST
from services.dashboard.wiring import Wiring, WiringOf

SqlText = Annotated[str, Query(max_length=LONGEST)]
SHOWN: Final = 200
"""Rows that the page shows; the export has all that were found."""
EXAMPLES: Final = (
    (
        "How many hold what, by trust tier",
        (
            "SELECT achievement_id, trust, uniqExact(worker_id) AS workers\nFROM v_held\n"
            "GROUP BY achievement_id, trust\nORDER BY workers DESC\nLIMIT 50"
        ),
    ),
    (
        "Who is one award short, and what would do",
        (
            "SELECT stack_title, worker_id, progress, finish_names\nFROM v_progress\n"
            "WHERE progress > 0 AND awards_to_finish = 1\nORDER BY progress DESC\nLIMIT 100"
        ),
    ),
    (
        "Completions by month",
        (
            "SELECT toStartOfMonth(day) AS month, sum(achievements) AS achievements, sum(stacks) AS stacks\n"
            "FROM v_completions_daily\nGROUP BY month\nORDER BY month"
        ),
    ),
)
"""Questions to begin with, and their SQL."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page stands in the navigation."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the page shows: the question, and the answer or why there is none."""

    as_of: datetime
    sql: str
    found: Found | None
    fault: str


def router() -> APIRouter:
    """The page, and its table as a file."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/explore", page, response_class=HTMLResponse)
    routes.add_api_route("/explore.{form}", export, response_class=Response)
    return routes


def page(request: Request, look: LookOf, wiring: WiringOf, sql: SqlText = "") -> HTMLResponse:
    """The form, with what the SQL found; a refused question is answered on the page, with the refusal's status."""
    report, status = asked(wiring, look, sql)
    context = frame_of(request, look) | {
        "kind": Place("explore", "/explore"),
        "report": report,
        "views": [wiring.explorer.views[name] for name in sorted(wiring.explorer.views)],
        "examples": EXAMPLES,
        "shown": SHOWN,
    }
    return HTMLResponse(wiring.renderer.page("explore.html", context), status)


def asked(wiring: Wiring, look: Look, sql: str) -> tuple[Report, int]:
    """The report of a question, and the status that says how it went. Raises: Unavailable."""
    if not sql.strip():
        return Report(look.moment.at, sql, None, ""), 200
    try:
        return Report(look.moment.at, sql, wiring.explorer.run(look.tenant, sql, look.moment.at), ""), 200
    except Refused as refusal:
        return Report(look.moment.at, sql, None, refusal.first.detail), refusal.status


def export(form: Form, look: LookOf, wiring: WiringOf, sql: SqlText) -> Response:
    """All rows found as a file, none of which a spreadsheet runs. Raises: Refused; Unavailable."""
    if form == "parquet":
        return parquet_file("explore", wiring.explorer.parquet(look.tenant, sql, look.moment.at))
    found = wiring.explorer.run(look.tenant, sql, look.moment.at)
    return file_of("explore", form, found.columns, [[_cell(value) for value in row] for row in found.rows])


def _cell(value: Any) -> csv_cells.Cell:
    if value is None or isinstance(value, str | int | float | datetime):
        return value
    if isinstance(value, Sequence):
        return [str(one) for one in value]
    return str(value)
