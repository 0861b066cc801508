"""Requests that are led past routing."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import Request, Response
from starlette.types import Message, Receive, Scope, Send

from services.ingest.straight import Handler, Straight
from services.runtime.errors import Conflict, Rejected, Unavailable


async def _routed(_scope: Scope, _receive: Receive, send: Send) -> None:
    await Response("routed")(_scope, _receive, send)


async def _asked(handler: Handler, method: str = "POST", path: str = "/here") -> tuple[int, bytes, Scope]:
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": []}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await Straight(_routed, {("POST", "/here"): handler})(scope, receive, send)
    return sent[0]["status"], sent[1]["body"], scope


async def _good(_: Request) -> Response:
    return Response("straight")


async def test_one_method_of_one_path_goes_straight_and_all_else_is_routed() -> None:
    """And whoever counts by routes finds the path."""
    status, body, scope = await _asked(_good)
    assert (status, body, scope["route"].path) == (200, b"straight", "/here")
    assert (await _asked(_good, "GET"))[1] == b"routed"
    assert (await _asked(_good, path="/there"))[1] == b"routed"


@pytest.mark.parametrize(
    "error,status",
    [
        (Rejected.because("missing", "say it"), 400),
        (Conflict("statement", "another one"), 409),
        (Unavailable("the log", "it is away"), 503),
        (KeyError("bug"), 500),
    ],
)
async def test_errors_are_answered_as_routing_answers_them(error: Exception, status: int) -> None:
    """A problem document, whatever went wrong."""

    async def fails(_: Request) -> Response:
        raise error

    found, body, _ = await _asked(fails)
    assert found == status
    assert b'"status":%d' % status in body


async def test_what_is_no_request_is_passed_on() -> None:
    """Such as the beginning and the end of the app's life."""
    seen: list[Any] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    await Straight(app, {})({"type": "lifespan"}, lambda: None, lambda _: None)  # type: ignore[arg-type,return-value]
    assert seen == ["lifespan"]
