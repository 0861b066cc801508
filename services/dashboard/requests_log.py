"""One log line and one measurement for each request, by route: never a path, as paths name people."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

Observe = Callable[[str, int, float], None]


class RequestsLog:
    """ASGI middleware; `observe` is given route, status and seconds until the answer began."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or lifespan."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                seconds = perf_counter() - began
                self._observe(route, message["status"], seconds)
                log.info("answered", route=route, status=message["status"], milliseconds=round(seconds * 1000, 1))
            await send(message)

        await self._app(scope, receive, send_and_note)
