"""The API of tables: every table of a page, row by row, in pieces that a cursor joins."""

# Annotations are not postponed here: FastAPI reads those of handlers.

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.dashboard.cursors import ROWS, SUFFIX, cursor_of, key_after
from services.dashboard.export_tables import Table
from services.dashboard.exports import Wanted, asked_table
from services.dashboard.wiring import TenantOf, WiringOf

API = "/api/v1"


class Piece(BaseModel):
    """Some rows of a table in the order of its key; `next` goes on after them, null at the end."""

    model_config = ConfigDict(frozen=True)

    table: str
    as_of: datetime
    rows: tuple[dict[str, Any], ...]
    next: str | None


class Piecewise(Wanted):
    """What is asked: as for an export, from a cursor on, so many rows."""

    cursor: Annotated[str, Field(max_length=2000)] = ""
    rows: Annotated[int, Field(ge=1, le=10_000)] = 500


def router() -> APIRouter:
    """The one route of all tables."""
    routes = APIRouter(prefix=API, tags=["tables"])
    routes.add_api_route("/tables/{table}", piece, summary="Rows of a page's table, by cursor", name="api_table")
    return routes


def piece(
    table: Table,
    wanted: Annotated[Piecewise, Query()],
    request: Request,
    response: Response,
    tenant: TenantOf,
    wiring: WiringOf,
) -> Piece:
    """The rows after the cursor; a Link header leads on (RFC 8288). Raises: NotFound, Refused."""
    asked = asked_table(table, wanted.model_copy(update={"sort": "worker"}), tenant, wiring)
    given = asked.parameters | key_after(table, wanted.cursor) | {ROWS: wanted.rows + 1}
    found = wiring.queries.rows(asked.query + SUFFIX, tenant, **given)
    rows = found[: wanted.rows]
    following = cursor_of(table, rows[-1]) if len(found) > len(rows) else None
    if following:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        response.headers["link"] = f'<{request.url.path}?{urlencode([*kept, ("cursor", following)])}>; rel="next"'
    return Piece(table=table, as_of=asked.as_of, rows=tuple(rows), next=following)
