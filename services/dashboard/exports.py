"""CSV exports: for each table of a page, all its rows in one file that no spreadsheet runs.

Rows come from the same named queries as the pages, without paging, up to the setting's limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from services.dashboard import csv_cells
from services.dashboard.errors import NotFound
from services.dashboard.export_tables import EXPORTS, Export, Table
from services.dashboard.look import PAST
from services.dashboard.models import Sort
from services.dashboard.moment import Moment, moment_at
from services.dashboard.overviews import MINUTES, STALLED_DAYS, WEEKS
from services.dashboard.queries import EMPLOYER, Parameter, Queries, Row
from services.dashboard.spending import MOST_PARTS
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import TenantOf, Wiring, WiringOf


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
    routes.add_api_route("/export/{table}.csv", export, response_class=StreamingResponse)
    return routes


def export(table: Table, wanted: Annotated[Wanted, Query()], tenant: TenantOf, wiring: WiringOf) -> StreamingResponse:
    """All rows of the table as CSV. Raises: NotFound for a worker or stack that this employer does not see."""
    described = EXPORTS[table]
    moment = moment_at(wanted.as_of, wiring.clock())
    offered = _offered(wanted, wiring, moment)
    _check_there(described, offered, wiring.queries, tenant)
    query = _query_of(table, moment, wiring.queries)
    wants = wiring.queries.parameters(query) - {EMPLOYER}
    rows = wiring.queries.rows(query, tenant, **{name: offered[name] for name in wants})
    return StreamingResponse(
        _csv(described, rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="stepwell-{table.replace("_", "-")}.csv"'},
    )


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
        "most_parts": MOST_PARTS,
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


def _csv(described: Export, rows: list[Row]) -> Iterator[str]:
    return csv_cells.lines(
        tuple(described.columns.values()), ([row[column] for column in described.columns] for row in rows)
    )
