"""ETags of the API: an answer that says the same as before is not sent again.

Weak ones: two answers are the same when they differ only in the instant they speak of. A client that was told an ETag
sends it as If-None-Match and gets 304 while nothing changed. Answers may be kept by the client, never by others.
Source: https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLACE: Final = "/api/"
_INSTANT: Final = re.compile(rb'"(?:as_of|seconds)":(?:"[^"]*"|[0-9.e-]+)')
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
KEPT_BY_THE_CLIENT: Final = "private, no-cache"


def etag_of(body: bytes) -> str:
    """The weak validator of a JSON answer, quoted."""
    return f'W/"{sha256(_INSTANT.sub(b"", body)).hexdigest()[:32]}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the client has it, by weak comparison."""
    known = _TAG.findall(if_none_match)
    return if_none_match.strip() == "*" or _TAG.findall(etag)[0] in known


class ETags:
    """ASGI middleware for GET answers of the API that are 200 and JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or lifespan."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_PLACE):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(Headers(scope=scope).get("if-none-match", ""), send))


class _Answer:
    """Holds an answer back until its body is complete."""

    def __init__(self, if_none_match: str, send: Send) -> None:
        self._if_none_match = if_none_match
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _may_be_tagged(message):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
            return
        await self._send(message)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        etag = etag_of(bytes(self._body))
        headers["etag"] = etag
        headers.setdefault("cache-control", KEPT_BY_THE_CLIENT)
        body = bytes(self._body)
        if self._if_none_match and is_known(etag, self._if_none_match):
            start["status"], body = 304, b""
            for name in ("content-length", "content-type"):
                if name in headers:
                    del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _may_be_tagged(start: Message) -> bool:
    is_json = Headers(scope=start).get("content-type", "").startswith("application/json")
    return bool(start["status"] == 200 and is_json)  # noqa: PLR2004 - OK
