"""`/data/refusals`: what was refused, by source and reason, with the advice that mends each. For operators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.dashboard.gate import Operator
from services.dashboard.pages import API
from services.dashboard.refusals import Asked, RefusalReport
from services.dashboard.wiring import Wiring, WiringOf, wiring_of

PATH = "/data/refusals"
Name = Annotated[str, Query(max_length=500)]


async def operator_of(request: Request) -> Operator:
    """The operator that the request's credential speaks for. Raises as `Gate.operator`."""
    return await wiring_of(request).gate.operator(request.headers, request.cookies)


OperatorOf = Annotated[Operator, Depends(operator_of)]


def router() -> APIRouter:
    """The page and its endpoint."""
    routes = APIRouter()
    routes.add_api_route(PATH, refusals, response_class=HTMLResponse, include_in_schema=False)
    routes.add_api_route(
        API + PATH, refusals_data, response_model=RefusalReport, summary="What was refused, for operators"
    )
    return routes


def asked_of(days: Annotated[int, Query(ge=1, le=90)] = 7, source: Name = "", reason: Name = "") -> Asked:
    """What to tell of."""
    return Asked(days, source, reason)


AskedOf = Annotated[Asked, Depends(asked_of)]


def refusals_data(_operator: OperatorOf, wiring: WiringOf, asked: AskedOf) -> RefusalReport:
    """The report."""
    return wiring.refusals.report(asked, wiring.clock())


def refusals(operator: OperatorOf, wiring: WiringOf, asked: AskedOf) -> HTMLResponse:
    """The report as a page."""
    return HTMLResponse(_page(operator, wiring, asked))


def _page(operator: Operator, wiring: Wiring, asked: Asked) -> str:
    report = wiring.refusals.report(asked, wiring.clock())
    return wiring.renderer.page("refusals.html", {"report": report, "asked": asked, "operator": operator.name})
