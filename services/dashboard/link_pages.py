"""Links to credentials that are kept here: an employer makes one of a current worker's, and whoever has it may look.

Making one stores nothing: it is a seal over the digest of the credential and an end. Opening one asks the gateway,
which reads the bytes, as no page here may, and checks them then; who has the link is shown that and nothing else.
When the worker is erased the bytes go, and the link leads nowhere.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from services.core.seals import Sealed
from services.dashboard.errors import NotFound
from services.dashboard.verify_pages import note, page
from services.dashboard.wiring import TenantOf, WiringOf
from services.runtime.errors import Unavailable

LONGEST_LINK = 500


def router() -> APIRouter:
    """Making a link, and where it leads."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/credentials/{digest}", link, response_class=RedirectResponse)
    routes.add_api_route("/verify/{link}", linked, response_class=HTMLResponse)
    return routes


def link(
    tenant: TenantOf,
    wiring: WiringOf,
    digest: str,
    worker_id: Annotated[str, Query(max_length=500)],
) -> RedirectResponse:
    """To the page that a new link leads to. Raises: NotFound unless a current worker holds what has this digest."""
    held = wiring.queries.row("credential_held", tenant, worker_id=worker_id, digest=digest)
    if held is None or wiring.links is None:
        raise NotFound("credential")
    ends_at = wiring.clock() + timedelta(days=wiring.settings.link_days)
    return RedirectResponse(f"/verify/{wiring.links.close(Sealed(digest, ends_at))}", 303)


async def linked(
    request: Request, wiring: WiringOf, link: Annotated[str, Path(max_length=LONGEST_LINK)]
) -> HTMLResponse:
    """The credential that a link leads to, checked now, for anybody who has the link. Raises: TooMany."""
    note(request, wiring)
    try:
        found = await run_in_threadpool(wiring.verifier.linked, link)
    except Unavailable as error:
        return await page(request, wiring, fault=f"{error.what} does not answer just now. Try again soon.", status=503)
    if found is None:
        fault = "This link is over, or what it led to is not kept any more. Ask whoever sent it for another."
        return await page(request, wiring, fault=fault, status=404)
    return await page(request, wiring, found=found)
