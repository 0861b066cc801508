"""The way past routing for the requests that most come by.

Finding a route, and what surrounds each one, costs about as much as taking a statement in does. The routes stay, for
the OpenAPI document and for every other method; what goes straight is answered by the same handlers, errors too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.problems import answer_to

Handler = Callable[[Request], Awaitable[Response]]


class Straight:
    """Answers by handlers, by method and path; `app` answers all else."""

    def __init__(self, app: ASGIApp, handlers: Mapping[tuple[str, str], Handler]) -> None:
        self._app = app
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        handler = self._handlers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if handler is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Place(scope["path"])
        request = Request(scope, receive, send)
        try:
            response = await handler(request)
        except Exception as error:  # noqa: BLE001 - where routing would turn it into an answer, too
            response = await answer_to(request, error)
        await response(scope, receive, send)


class _Place(NamedTuple):
    """What stands for a route to whoever counts by routes."""

    path: str
