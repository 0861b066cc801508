"""Whose pages may speak xAPI from a browser: CORS for the record store.

Content that runs in a browser (cmi5, xAPI packages) sends statements from another origin than ours, with a version and
a credential in headers, so the browser asks first (a preflight, which carries no credential) and shows the page only
those headers of the answer that are named.

Invariant: nothing is ever granted on account of a cookie. A page gets no further than the credential that it sends.
Source: Fetch standard, 3.3 (https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.lrs.requests import CONSISTENT_THROUGH, VERSION_HEADER

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
SHOWN = (VERSION_HEADER, CONSISTENT_THROUGH, "ETag", "Last-Modified", "Allow", "Retry-After", "WWW-Authenticate")
"""The headers that a page may read, besides those that every page may."""
REMEMBERED_SECONDS = 7200
"""How long a browser need not ask again; none keeps it longer."""
NOBODY = "none"


class Sharing:
    """Answers preflights under `root`, and lets pages of the allowed origins read the answers there."""

    def __init__(self, app: ASGIApp, root: str, origins: str) -> None:
        """`origins`: separated by commas; `*` is any, `none` is none."""
        self._app = app
        self._root = root
        self._shared = app if origins == NOBODY else _shared(app, [each.strip() for each in origins.split(",")])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(self._root)
        await (self._shared if is_ours else self._app)(scope, receive, send)


def _shared(app: ASGIApp, origins: list[str]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=("*",),
        expose_headers=SHOWN,
        max_age=REMEMBERED_SECONDS,
    )
