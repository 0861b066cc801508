"""The web application: its routes, in one place, over parts that were built elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from services.dashboard import (
    catalog_exports,
    catalog_pages,
    explore_api,
    explore_page,
    exports,
    figures,
    link_pages,
    live,
    login,
    pages,
    probes,
    published,
    refusal_pages,
    tables_api,
    verify_pages,
)
from services.dashboard.assets import LIBRARY
from services.dashboard.backlog import EVERY_SECONDS
from services.dashboard.etags import ETags
from services.dashboard.problems import handle_errors
from services.dashboard.requests_log import RequestsLog
from services.dashboard.security import SecurityHeaders
from services.dashboard.wiring import Wiring, WiringOf
from services.runtime.background import keep_going

_FOR_A_YEAR = "public, max-age=31536000, immutable"
_LARGEST_BODY_BYTES = 16_384
_WORTH_PACKING_BYTES = 1024


def make_app(wiring: Wiring) -> FastAPI:
    """The application, ready to be served."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(keep_going("backlog", wiring.backlog.look, EVERY_SECONDS))
        yield
        following.cancel()
        await wiring.hub.close()

    app = FastAPI(
        title="Stepwell dashboard",
        description="What an employer sees of its current workers. Send an employer token as a bearer token.",
        openapi_url=f"{pages.API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=_LARGEST_BODY_BYTES,
        lifespan=lifespan,
    )
    app.state.wiring = wiring
    for router in (
        probes.router(),
        login.router(),
        live.router(),
        exports.router(),
        figures.router(),
        explore_api.router(),
        tables_api.router(),
        explore_page.router(),
        _static(),
        verify_pages.router(),
        link_pages.router(),
        catalog_exports.router(),
        catalog_pages.router(),
        refusal_pages.router(),
        pages.router(),
        published.router(),
    ):
        app.include_router(router)
    handle_errors(app)
    app.add_middleware(ETags)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_PACKING_BYTES)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestsLog, observe=wiring.metrics.answered)
    return app


def _static() -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/static/{digest}/{name}", _asset)
    routes.add_api_route("/favicon.ico", _icon)
    return routes


async def _asset(wiring: WiringOf, digest: str, name: str) -> Response:
    asset = (
        await run_in_threadpool(wiring.assets.find, digest, name)
        if name == LIBRARY
        else wiring.assets.find(digest, name)
    )
    if asset is None:
        return Response(status_code=404)
    return Response(asset.body, media_type=asset.media_type, headers={"cache-control": _FOR_A_YEAR})


async def _icon(wiring: WiringOf) -> Response:
    return RedirectResponse(wiring.assets.url("icon.svg"), 308)
