"""Headers that every answer carries, and the check that a form was sent from our own page.

The policy allows our own styles, scripts, images and streams and nothing else: no inline script or style, no frame, no
other host. A tenant's pages are never stored by a cache. Source: https://www.w3.org/TR/CSP3/,
https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.dashboard.errors import Forbidden

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
NEVER_STORED: Final = "no-store"


class SecurityHeaders:
    """ASGI middleware that adds the headers; an answer that sets its own Cache-Control keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or lifespan."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", NEVER_STORED)
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def from_our_own_page(request: Request) -> None:
    """Refuse a form that another site sent (SameSite does not cover logging in, where there is no cookie yet).

    Raises: Forbidden.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_ours = (
        site in {"same-origin", "none"} if site else origin is None or urlsplit(origin).netloc == request.url.netloc
    )
    if not is_ours:
        raise Forbidden("cross_site", "This form was sent from another site.")
