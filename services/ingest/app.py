"""The gateway as an ASGI app: routes, errors, headers and timing put together. What it talks to is handed in."""

from __future__ import annotations

from importlib.metadata import version
from time import perf_counter

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.arrivals import Arrivals
from services.ingest.caliper_routes import caliper_router
from services.ingest.credentials_routes import credentials_router
from services.ingest.gate import Door, Gate
from services.ingest.hooks.opening import Opening
from services.ingest.hooks_routes import hooks_router
from services.ingest.intake import Intake
from services.ingest.lrs.documents_routes import documents_router
from services.ingest.lrs.sharing import Sharing
from services.ingest.lrs.statements_routes import PATH, StatementsRoutes, statements_router
from services.ingest.lrs.store import Store
from services.ingest.lrs.things_routes import things_router
from services.ingest.lrs.wrapping import ROOT, AlternateSyntax, XapiHeaders
from services.ingest.metrics import Metrics
from services.ingest.openapi import describe
from services.ingest.openapi_examples import exemplify
from services.ingest.probes_routes import Needs, probes_router
from services.ingest.problems import add_handlers
from services.ingest.records_routes import records_router
from services.ingest.sources_routes import sources_router
from services.ingest.straight import Straight
from services.ingest.validate_routes import validate_router
from services.ingest.verify.kept import KeptLinks
from services.ingest.verify_routes import verify_router


def gateway_app(
    gate: Gate,
    intake: Intake,
    store: Store,
    needs: Needs,
    door: Door,
    links: KeptLinks,
    arrivals: Arrivals,
    opening: Opening | None = None,
) -> ASGIApp:
    """The gateway; without `opening` it has no hooks."""
    app = FastAPI(
        title="Stepwell ingest",
        version=version("stepwell"),
        description="Learning records in; an xAPI record store.",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(records_router(gate, intake))
    app.include_router(validate_router(gate, intake))
    app.include_router(caliper_router(gate, intake))
    app.include_router(hooks_router(gate, intake, opening or Opening(dict)))
    app.include_router(credentials_router(gate, intake))
    app.include_router(sources_router(gate, arrivals))
    statements = StatementsRoutes(gate, intake, store)
    app.include_router(statements_router(statements))
    app.include_router(documents_router(gate, store))
    app.include_router(things_router(gate, store))
    app.include_router(verify_router(door, links))
    app.include_router(probes_router(intake.metrics, needs))
    add_handlers(app)
    describe(app, exemplify)
    straight = Straight(app, {("POST", PATH): statements.post})
    shared = Sharing(AlternateSyntax(straight, gate.body_bytes), ROOT, store.origins)
    xapi = XapiHeaders(shared, store.following)
    return Timed(xapi, intake.metrics)


class Timed:
    """Counts and times every request by the path of its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at = perf_counter()
        status = 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.answered(route, status, perf_counter() - started_at)
