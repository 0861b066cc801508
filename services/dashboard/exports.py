"""Exports: for each table of a page, all its rows in one file, as CSV, XLSX or Parquet.

Rows come from the same named queries as the pages, without paging, up to the setting's limit. No spreadsheet runs what
a record says: in CSV what looks like a formula is quoted, in XLSX text is stored as text. Parquet is ClickHouse's own,
with the query's columns; XLSX is written by a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask

from services.dashboard import csv_cells, sheets
from services.dashboard.errors import NotFound
from services.dashboard.export_tables import EXPORTS, Export, Form, Table
from services.dashboard.look import PAST
from services.dashboard.models import Sort
from services.dashboard.moment import Moment, moment_at
from services.dashboard.overviews import MINUTES, STALLED_DAYS, WEEKS
from services.dashboard.queries import EMPLOYER, Parameter, Queries
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import TenantOf, Wiring, WiringOf

PARQUET: Final = "application/vnd.apache.parquet"


class Wanted(BaseModel):
    """What a link to an export may say; a table takes of it what its query needs."""

    model_config = ConfigDict(frozen=True)

    search: Annotated[str, Field(max_length=200)] = ""
    sort: Sort = "worker"
    worker_id: str = ""
    stack_id: str = ""
    dimension: Annotated[str, Field(max_length=200)] = ""
    days: Annotated[int | None, Field(ge=1, le=3650)] = None
    as_of: Annotated[str, Field(max_length=40)] = ""


def router() -> APIRouter:
    """The one route of all exports."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/export/{table}.{form}", export, response_class=Response)
    return routes


def export(
    table: Table, form: Form, wanted: Annotated[Wanted, Query()], tenant: TenantOf, wiring: WiringOf
) -> Response:
    """All rows of the table in that form. Raises: NotFound for a worker or stack that this employer does not see."""
    asked, described = asked_table(table, wanted, tenant, wiring), EXPORTS[table]
    name = f"stepwell-{table.replace('_', '-')}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if form == "parquet":
        packed = wiring.queries.parquet(asked.query, tenant, **asked.parameters)
        return Response(packed, media_type=PARQUET, headers=headers)
    rows = wiring.queries.rows(asked.query, tenant, **asked.parameters)
    cells = ([row[column] for column in described.columns] for row in rows)
    header = tuple(described.columns.values())
    if form == "csv":
        return StreamingResponse(csv_cells.lines(header, cells), media_type="text/csv; charset=utf-8", headers=headers)
    path = sheets.workbook(table, header, cells)
    return FileResponse(
        path, media_type=sheets.MEDIA_TYPE, headers=headers, background=BackgroundTask(path.unlink, missing_ok=True)
    )


@dataclass(frozen=True, slots=True)
class AskedTable:
    """The query of a table, with its parameters besides the employer."""

    query: str
    parameters: dict[str, Parameter]
    as_of: datetime


def asked_table(table: Table, wanted: Wanted, tenant: Tenant, wiring: Wiring) -> AskedTable:
    """What a request for a table asks. Raises: NotFound for a worker or stack that this employer does not see."""
    moment = moment_at(wanted.as_of, wiring.clock())
    offered = _offered(wanted, wiring, moment)
    _check_there(EXPORTS[table], offered, wiring.queries, tenant)
    query = _query_of(table, moment, wiring.queries)
    wants = wiring.queries.parameters(query) - {EMPLOYER}
    return AskedTable(query, {name: offered[name] for name in wants}, moment.at)


def _query_of(table: Table, moment: Moment, queries: Queries) -> str:
    """The query on the past, where the table has one and the moment is past."""
    return table + PAST if not moment.is_now and queries.has(table + PAST) else table


def _offered(wanted: Wanted, wiring: Wiring, moment: Moment) -> dict[str, Parameter]:
    """Every parameter that a query may take."""
    return {
        "search": wanted.search.strip(),
        "sort": wanted.sort,
        "worker_id": wanted.worker_id,
        "stack_id": wanted.stack_id,
        "days": wanted.days or wiring.settings.expiring_days,
        "as_of": moment.at,
        "weeks": WEEKS,
        "minutes": MINUTES,
        "most": 100,
        "dimension": wanted.dimension,
        "stalled_days": STALLED_DAYS,
        "limit": wiring.settings.export_rows,
        "offset": 0,
    }


def _check_there(described: Export, offered: dict[str, Parameter], queries: Queries, tenant: Tenant) -> None:
    """Raises: NotFound when the table is of a worker or stack that the tenant does not see."""
    if described.of:
        name = f"{described.of}_id"
        if queries.row(described.of, tenant, **{name: offered[name]}) is None:
            raise NotFound(described.of)
