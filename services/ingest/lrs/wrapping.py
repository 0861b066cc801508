"""What wraps all xAPI routes: the alternate request syntax on the way in, headers and HEAD on the way out.

ASGI wrappers and not dependencies, because a request has to be rewritten before it is routed, and because answers to
unknown paths and methods carry the headers, too.
Source: xAPI 1.0.3 Communication 1.1 (HEAD), 1.3 (alternate request syntax), 2.1.3.s2.b5, 3.3.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.lrs.completion import instant_text
from services.ingest.lrs.following import Following
from services.ingest.lrs.requests import CONSISTENT_THROUGH, VERSION_HEADER, VERSIONS
from services.ingest.problems import problem

ROOT = "/xAPI"
_ROOT = re.compile(r"/xapi(?=/|$)", re.IGNORECASE).match
_FORM_HEADERS = frozenset(
    (
        "authorization",
        "x-experience-api-version",
        "content-type",
        "content-length",
        "if-match",
        "if-none-match",
        "accept",
        "accept-language",
        "accept-encoding",
        "accept-charset",
        "cookie",
    )
)
_METHODS = frozenset(("GET", "HEAD", "PUT", "POST", "DELETE"))
_BODY = "content"


def path_meant(path: str) -> str:
    """The path as the routes know it: senders put endpoint and resource together with two slashes, or write /xapi."""
    if path.startswith(f"{ROOT}/") and "//" not in path:
        return path
    found = _ROOT(path)
    return path if found is None else ROOT + re.sub("/{2,}", "/", path[found.end() :])


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for each, value in scope["headers"] if each == name), b"")


class AlternateSyntax:
    """Turns `POST ?method=PUT` with a form into the request that it stands for. xAPI 2.0 has no such thing."""

    def __init__(self, app: ASGIApp, body_bytes: int) -> None:
        self._app = app
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(ROOT):
            await self._app(scope, receive, send)
            return
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if "method" not in query or _header(scope, VERSION_HEADER.lower().encode()).startswith(b"2."):
            await self._app(scope, receive, send)
            return
        body = await _body(receive, self._body_bytes)
        if body is None:
            answer = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request may have {self._body_bytes} octets")
            await answer(scope, receive, send)
            return
        meant = rewritten(scope, query, body)
        if isinstance(meant, str):
            await problem(HTTPStatus.BAD_REQUEST, meant)(scope, receive, send)
            return
        new_scope, content = meant
        scope.update(new_scope)
        await self._app(scope, _replay(content), send)


def rewritten(scope: Scope, query: dict[str, str], body: bytes) -> tuple[Scope, bytes] | str:
    """The request that a form stands for, and its body; or what is wrong with the form."""
    if query.keys() != {"method"}:
        return "with the parameter method, all others belong into the form"
    if query["method"] not in _METHODS:
        return f"method must be one of {', '.join(sorted(_METHODS))}"
    try:
        form = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError:
        return "the body must be a form, application/x-www-form-urlencoded"
    fields = dict(form)
    if query["method"] in ("PUT", "POST") and _BODY not in fields:
        return "the form needs a field named content"
    headers = {name: value for name, value in scope["headers"] if name not in (b"content-type", b"content-length")}
    headers[b"content-type"] = b"application/json"
    headers.update(
        (name.lower().encode(), value.encode("latin-1", "replace"))
        for name, value in fields.items()
        if name.lower() in _FORM_HEADERS
    )
    headers.pop(b"content-length", None)
    others = [(name, value) for name, value in form if name.lower() not in _FORM_HEADERS and name != _BODY]
    changed = {
        "method": query["method"],
        "query_string": urlencode(others).encode(),
        "headers": list(headers.items()),
    }
    return changed, fields.get(_BODY, "").encode()


async def _body(receive: Receive, limit: int) -> bytes | None:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if sum(map(len, chunks)) > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class XapiHeaders:
    """Adds the headers that every xAPI response carries, errors too, and takes the body from answers to HEAD.

    A request that names no version is answered in the version that its sender spoke last: one server speaks two, and a
    client of one would not understand an answer in the other.
    """

    REMEMBERED = 10_000

    def __init__(self, app: ASGIApp, following: Following) -> None:
        self._app = app
        self._following = following
        self._spoken: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] == "http":
            scope["path"] = path_meant(scope["path"])
        if scope["type"] != "http" or not scope["path"].startswith(ROOT):
            await self._app(scope, receive, send)
            return
        version = self._version(scope)
        is_head = scope["method"] == "HEAD"

        async def send_xapi(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._missing(scope, message, version)]}
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, send_xapi)

    def _version(self, scope: Scope) -> str:
        named = _header(scope, VERSION_HEADER.lower().encode())
        sender = _header(scope, b"authorization")
        if not named:
            return self._spoken.get(sender, VERSIONS[0])
        version = VERSIONS[1] if named.startswith(b"2.") else VERSIONS[0]
        if sender:
            self._spoken[sender] = version
            self._spoken.move_to_end(sender)
            if len(self._spoken) > self.REMEMBERED:
                self._spoken.popitem(last=False)
        return version

    def _missing(self, scope: Scope, message: Message, version: str) -> list[tuple[bytes, bytes]]:
        headers = [(VERSION_HEADER.lower().encode(), version.encode())]
        through = CONSISTENT_THROUGH.lower().encode()
        if scope["path"].startswith(f"{ROOT}/statements") and through not in dict(message["headers"]):
            headers.append((through, instant_text(self._following.through(None)).encode()))
        return headers
