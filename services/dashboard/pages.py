"""Pages and their JSON: each handler asks, fetches and renders, and knows nothing else."""

# Annotations are not postponed here: handlers are made in functions, and FastAPI reads the annotations of each.

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.dashboard.asks import Ask
from services.dashboard.errors import NotFound
from services.dashboard.frame import LookOf, asked_path, frame_of
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.look import Look
from services.dashboard.models import Answer
from services.dashboard.wiring import WiringOf

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


def report_of(kind: Kind, ask: Ask, look: Look) -> Answer:
    """What the look finds of what was asked. Raises: NotFound when it sees nothing of it."""
    report = ask.report(look)
    if report is None:
        raise NotFound(kind.noun)
    return report


def context_of(kind: Kind, report: Answer, look: Look) -> dict[str, Any]:
    """What the templates of a page and of its regions are given."""
    charts = {chart.name: chart for chart in kind.charts(report)}
    return {"report": report, "kind": kind, "look": look, "moment": look.moment, "charts": charts}


def _page(kind: Kind) -> Callable[..., HTMLResponse]:
    def show(request: Request, look: LookOf, wiring: WiringOf, ask: Annotated[Ask, Depends(kind.ask)]) -> HTMLResponse:
        report = report_of(kind, ask, look)
        context = frame_of(request, look, _live_url(kind, request)) | context_of(kind, report, look)
        return HTMLResponse(wiring.renderer.page(kind.template, context))

    return show


def _data(kind: Kind) -> Callable[..., Answer]:
    def answer(look: LookOf, ask: Annotated[Ask, Depends(kind.ask)]) -> Answer:
        return report_of(kind, ask, look)

    return answer


def _live_url(kind: Kind, request: Request) -> str:
    path = kind.data_path if kind.path == "/" else asked_path(request)
    return f"/live{path}" + (f"?{request.url.query}" if request.url.query else "")
