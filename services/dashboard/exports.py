"""CSV exports: for each table of a page, all its rows in one file that no spreadsheet runs.

Rows come from the same named queries as the pages, without paging, up to the setting's limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.dashboard import csv_cells
from services.dashboard.errors import NotFound
from services.dashboard.models import Sort
from services.dashboard.queries import Parameter, Row
from services.dashboard.reports import WEEKS
from services.dashboard.wiring import TenantOf, WiringOf

Table = Literal[
    "workers", "stacks", "completions", "expiring", "sources", "worker_awards", "worker_progress", "stack_workers"
]


@dataclass(frozen=True, slots=True)
class Export:
    """One table: the parameters its query takes, and its columns with their headings. `of` names who must be there."""

    parameters: tuple[str, ...]
    columns: Mapping[str, str]
    of: Literal["worker", "stack"] | None = None


_PAGE: Final = ("limit", "offset")

EXPORTS: Final[Mapping[str, Export]] = {
    "workers": Export(
        ("search", "sort", *_PAGE),
        {
            "worker_id": "Worker",
            "since": "With you since",
            "credentials": "Verified credentials",
            "in_progress": "Stacks in progress",
            "complete": "Stacks complete",
            "closest_stack_title": "Closest stack",
            "closest_progress": "Progress on it",
            "next_expiry_at": "Next expiry",
        },
    ),
    "stacks": Export(
        (),
        {
            "stack_id": "Stack",
            "stack_title": "Title",
            "workers": "Workers",
            "complete": "Complete",
            "half_or_more": "Half or more",
            "under_half": "Under half",
            "not_started": "Not started",
            "lapsed": "Lapsed",
            "average_progress": "Average progress",
        },
    ),
    "completions": Export(
        ("as_of", "weeks"),
        {"week": "Week from", "achievements": "Achievements earned", "stacks": "Stacks completed"},
    ),
    "expiring": Export(
        ("days", *_PAGE),
        {
            "worker_id": "Worker",
            "achievement_id": "Achievement",
            "achievement_name": "Name",
            "issuer_id": "Issuer",
            "expires_at": "Expires",
        },
    ),
    "sources": Export(
        (),
        {"source": "Source", "workers": "Workers", "awards": "Awards and completions", "newest_at": "Newest date"},
    ),
    "worker_awards": Export(
        ("worker_id",),
        {
            "achievement_id": "Achievement",
            "achievement_name": "Name",
            "type": "Type",
            "level": "Level",
            "skills": "Skills",
            "issuer_id": "Issuer",
            "award_id": "Award",
            "basis": "Basis",
            "trust": "Trust tier",
            "status": "Status",
            "grade": "Grade",
            "score_scaled": "Score",
            "credits_value": "Credits",
            "credits_unit": "Unit",
            "valid_from": "Earned",
            "valid_until": "Valid until",
            "revoked_at": "Revoked",
            "revoked_reason": "Reason",
            "source": "Source",
        },
        of="worker",
    ),
    "worker_progress": Export(
        ("worker_id",),
        {
            "stack_id": "Stack",
            "stack_title": "Title",
            "stack_version": "Version",
            "status": "Status",
            "progress": "Progress",
            "next_step_names": "Next steps",
            "completed_at": "Completed",
            "next_change_at": "May change by time alone",
        },
        of="worker",
    ),
    "stack_workers": Export(
        ("stack_id", *_PAGE),
        {
            "worker_id": "Worker",
            "status": "Status",
            "progress": "Progress",
            "missing_parts": "Parts missing",
            "next_step_names": "Next steps",
            "completed_at": "Completed",
        },
        of="stack",
    ),
}


def router() -> APIRouter:
    """The one route of all exports."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/export/{table}.csv", export, response_class=StreamingResponse)
    return routes


def export(
    table: Table,
    tenant: TenantOf,
    wiring: WiringOf,
    search: Annotated[str, Query(max_length=200)] = "",
    sort: Sort = "worker",
    worker_id: str = "",
    stack_id: str = "",
    days: Annotated[int | None, Query(ge=1, le=3650)] = None,
) -> StreamingResponse:
    """All rows of the table as CSV. Raises: NotFound for a worker or stack that this employer does not see."""
    described = EXPORTS[table]
    if (
        described.of
        and wiring.queries.row(
            described.of, tenant, **{f"{described.of}_id": _given(described.of, worker_id, stack_id)}
        )
        is None
    ):
        raise NotFound(described.of)
    offered: dict[str, Parameter] = {
        "search": search.strip(),
        "sort": sort,
        "worker_id": worker_id,
        "stack_id": stack_id,
        "days": days or wiring.settings.expiring_days,
        "as_of": wiring.clock(),
        "weeks": WEEKS,
        "limit": wiring.settings.export_rows,
        "offset": 0,
    }
    rows = wiring.queries.rows(table, tenant, **{name: offered[name] for name in described.parameters})
    return StreamingResponse(
        _csv(described, rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="stepwell-{table.replace("_", "-")}.csv"'},
    )


def _given(of: str, worker_id: str, stack_id: str) -> str:
    return worker_id if of == "worker" else stack_id


def _csv(described: Export, rows: list[Row]) -> Iterator[str]:
    return csv_cells.lines(
        tuple(described.columns.values()), ([row[column] for column in described.columns] for row in rows)
    )
