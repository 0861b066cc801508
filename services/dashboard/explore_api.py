"""The API of exploring: the published views with their columns, and read-only SQL over them."""

# Annotations are not postponed here: FastAPI reads those of handlers.

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from schemas.views import View
from services.dashboard.frame import MomentOf
from services.dashboard.tenant_sql import LONGEST
from services.dashboard.wiring import TenantOf, WiringOf

API = "/api/v1"
SqlText = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Asked(BaseModel):
    """A query of one's own. It may use the parameter {employer_id:String}, and need not: rows are one's own anyway."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sql: SqlText


class Answered(BaseModel):
    """What a query found: rows are arrays in the order of the columns; `is_cut` when there were more than are given."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    seconds: float
    is_cut: bool
    ran: str
    """The SQL as it ran, for your rows alone."""


def router() -> APIRouter:
    """The routes, for a program and for an address that can be shared."""
    routes = APIRouter(prefix=API, tags=["explore"])
    routes.add_api_route("/views", views, summary="The published views, column by column", name="api_views")
    routes.add_api_route("/explore", found, summary="Run read-only SQL over the published views", name="api_explore")
    routes.add_api_route(
        "/explore", post, methods=["POST"], summary="The same, for longer SQL", name="api_explore_post"
    )
    return routes


def views(_tenant: TenantOf, wiring: WiringOf) -> tuple[View, ...]:
    """Every view that SQL may read, by name."""
    return tuple(wiring.explorer.views[name] for name in sorted(wiring.explorer.views))


def found(sql: Annotated[SqlText, Query()], tenant: TenantOf, wiring: WiringOf, moment: MomentOf) -> Answered:
    """What the SQL finds among the employer's rows. Raises: Refused."""
    return Answered.model_validate(wiring.explorer.run(tenant, sql, moment.at), from_attributes=True)


def post(asked: Asked, tenant: TenantOf, wiring: WiringOf, moment: MomentOf) -> Answered:
    """What the SQL finds among the employer's rows. Raises: Refused."""
    return Answered.model_validate(wiring.explorer.run(tenant, asked.sql, moment.at), from_attributes=True)
