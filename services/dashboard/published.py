"""What the issuer publishes, for anybody: its DID document and its status lists, as they were signed when they changed.

Nothing is signed here and no key is needed. Other sites' scripts may read these, since that is what they are for. The
routes are the last ones, so that no page can be shadowed by a DID's path.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.errors import NotFound
from services.dashboard.wiring import WiringOf

_FOR_A_MINUTE = "public, max-age=60"


def router() -> APIRouter:
    """`/.well-known/did.json`, `/status/{n}`, and the same below any path."""
    routes = APIRouter(include_in_schema=False)
    for path in (
        "/.well-known/did.json",
        "/status/{number}",
        "/{path:path}/did.json",
        "/{path:path}/status/{number}",
    ):
        routes.add_api_route(path, published)
    return routes


def published(request: Request, wiring: WiringOf) -> Response:
    """The document at this path. Raises: NotFound; Unavailable."""
    found = wiring.published(request.url.path)
    if found is None:
        raise NotFound("document")
    headers = {"cache-control": _FOR_A_MINUTE, "access-control-allow-origin": "*"}
    return Response(found.body, media_type=found.media_type, headers=headers)
