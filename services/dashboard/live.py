"""Live pages: one stream of server-sent events a page, carrying whatever of it changed.

Events: `patch` {"regions": {name: HTML}, "charts": {name: rows}} with only what differs from what this stream sent
before; `trouble` while ClickHouse does not answer; `ended` once the credential no longer stands. The first patch has
everything, so a stream that was cut off needs no memory of where it was.
Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

# Annotations are not postponed here: handlers are made in functions, and FastAPI reads the annotations of each.

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from services.dashboard.asks import Ask
from services.dashboard.errors import Refused
from services.dashboard.hub import Watch
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.look import Look
from services.dashboard.moment import Moment
from services.dashboard.pages import context_of, report_of
from services.dashboard.tenant import Tenant
from services.dashboard.wiring import TenantOf, Wiring, WiringOf, employer_named, tenant_of
from services.runtime.errors import Unavailable

RETRY_MILLISECONDS = 3000

Picture = dict[str, dict[str, Any]]
"""What a page shows: {"regions": {name: HTML}, "charts": {name: rows}}."""


def router() -> APIRouter:
    """A live stream for each kind of page."""
    routes = APIRouter(include_in_schema=False)
    for kind in KINDS:
        routes.add_api_route(
            "/live" + kind.data_path, _stream(kind), response_class=EventSourceResponse, name=f"live_{kind.name}"
        )
    return routes


def difference(sent: Picture, now: Picture) -> Picture:
    """What of `now` is not as it was sent; empty parts are left out."""
    changed = {
        part: {name: value for name, value in values.items() if sent.get(part, {}).get(name) != value}
        for part, values in now.items()
    }
    return {part: values for part, values in changed.items() if values}


def draw(kind: Kind, ask: Ask, wiring: Wiring, tenant: Tenant, named: str = "") -> Picture:
    """The page as it is now, of the employer that its address named. Raises as `report_of`."""
    look = Look(tenant, Moment(wiring.clock()), wiring.queries, wiring.catalogs.known, named)
    context = context_of(kind, report_of(kind, ask, look), look)
    return {
        "regions": {name: wiring.renderer.region(name, context) for name in kind.regions},
        "charts": {name: chart.rows for name, chart in context["charts"].items()},
    }


async def _watch_of(tenant: TenantOf, wiring: WiringOf) -> AsyncIterator[Watch]:
    """Entered before the answer begins, so that one stream too many is refused with a status."""
    async with wiring.hub.watching(tenant) as watch:
        with wiring.metrics.streams.track_inprogress():
            yield watch


def _stream(kind: Kind) -> Callable[..., AsyncIterator[ServerSentEvent]]:
    async def stream(
        request: Request,
        tenant: TenantOf,
        wiring: WiringOf,
        watch: Annotated[Watch, Depends(_watch_of)],
        ask: Annotated[Ask, Depends(kind.ask)],
    ) -> AsyncIterator[ServerSentEvent]:
        async for event in _events(kind, ask, wiring, tenant, watch, employer_named(request)):
            if await _has_ended(request, tenant):
                yield ServerSentEvent(event="ended", data={})
                return
            yield event

    return stream


async def _events(
    kind: Kind, ask: Ask, wiring: Wiring, tenant: Tenant, watch: Watch, named: str
) -> AsyncIterator[ServerSentEvent]:
    sent: Picture = {}
    beat = watch.beat
    while not watch.is_closed:
        rest_seconds = wiring.settings.live_refresh_seconds
        try:
            picture: Picture = await watch.picture(
                (ask, named), lambda: run_in_threadpool(draw, kind, ask, wiring, tenant, named)
            )
        except Unavailable:
            yield ServerSentEvent(event="trouble", data={})
            rest_seconds = wiring.settings.live_interval_seconds
        except Refused:  # the worker left, or the list grew shorter: reloading the page says so
            yield ServerSentEvent(event="gone", data={})
            return
        else:
            yield ServerSentEvent(event="patch", data=difference(sent, picture), retry=RETRY_MILLISECONDS)
            sent = picture
        beat = await watch.after(beat, rest_seconds)


async def _has_ended(request: Request, tenant: Tenant) -> bool:
    try:
        return await tenant_of(request) != tenant
    except Refused:
        return True
    except Unavailable:
        return False
