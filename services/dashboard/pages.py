"""Pages and their JSON: each handler asks, fetches and renders, and knows nothing else."""

# Annotations are not postponed here: handlers are made in functions, and FastAPI reads the annotations of each.

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.dashboard import reports
from services.dashboard.asks import Ask
from services.dashboard.errors import NotFound
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.models import Answer
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import TenantOf, Wiring, WiringOf

API = "/api/v1"


def router() -> APIRouter:
    """A page and an API endpoint for each kind."""
    routes = APIRouter()
    for kind in KINDS:
        routes.add_api_route(
            kind.path, _page(kind), response_class=HTMLResponse, include_in_schema=False, name=kind.name
        )
        routes.add_api_route(
            API + kind.data_path,
            _data(kind),
            response_model=kind.answer,
            summary=f"What {kind.path} shows",
            name=f"api_{kind.name}",
        )
    return routes


def report_of(kind: Kind, ask: Ask, wiring: Wiring, tenant: Tenant) -> Answer:
    """What the tenant sees of what was asked. Raises: NotFound when it sees nothing of it."""
    report = ask.report(wiring.queries, tenant, wiring.clock())
    if report is None:
        raise NotFound(kind.noun)
    return report


def context_of(kind: Kind, report: Answer) -> dict[str, Any]:
    """What the templates of a page and of its regions are given."""
    return {"report": report, "kind": kind, "charts": {chart.name: chart for chart in kind.charts(report)}}


def _page(kind: Kind) -> Callable[..., HTMLResponse]:
    def show(
        request: Request, tenant: TenantOf, wiring: WiringOf, ask: Annotated[Ask, Depends(kind.ask)]
    ) -> HTMLResponse:
        report = report_of(kind, ask, wiring, tenant)
        frame = {
            "employer": reports.employer_name(wiring.queries, tenant),
            "live_url": f"/live{kind.data_path}" if kind.path == "/" else f"/live{_asked(request)}",
        }
        return HTMLResponse(wiring.renderer.page(kind.template, context_of(kind, report) | frame))

    return show


def _data(kind: Kind) -> Callable[..., Answer]:
    def answer(tenant: TenantOf, wiring: WiringOf, ask: Annotated[Ask, Depends(kind.ask)]) -> Answer:
        return report_of(kind, ask, wiring, tenant)

    return answer


def _asked(request: Request) -> str:
    """Path and query as they came, still encoded."""
    path: bytes = request.scope["raw_path"]
    return path.decode("ascii") + (f"?{request.url.query}" if request.url.query else "")
