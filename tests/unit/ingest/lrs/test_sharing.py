"""Pages of other origins: what a browser asks before, and what it then lets them see.

Source: Fetch standard, 3.3 (CORS protocol); xAPI 1.0.3 Communication 3.3 and 2.1.3 name the headers.
"""

from __future__ import annotations

import pytest
from fastapi import Response
from starlette.types import Message, Receive, Scope, Send

from services.ingest.lrs.sharing import Sharing

PAGE = "https://content.example.org"
ASKED = "authorization,content-type,if-match,x-experience-api-version"


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    answer = Response("[]", headers={"ETag": '"1"', "X-Experience-API-Consistent-Through": "2026-01-01T00:00:00Z"})
    await answer(scope, receive, send)


async def _answer(
    method: str, path: str = "/xAPI/statements", origins: str = "*", **headers: str
) -> tuple[int, dict[str, str]]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await Sharing(_app, "/xAPI", origins)(scope, receive, send)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


async def _preflight(method: str = "PUT", origins: str = "*", path: str = "/xAPI/statements") -> dict[str, str]:
    asks = {"access_control_request_method": method, "access_control_request_headers": ASKED}
    status, headers = await _answer("OPTIONS", path, origins, origin=PAGE, **asks)
    return {"status": str(status), **headers}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
async def test_a_preflight_is_answered_without_a_credential(method: str) -> None:
    """Every method of the record store, with the credential and version headers that a wildcard would not cover."""
    answer = await _preflight(method)
    assert answer["status"] == "200"
    assert answer["access-control-allow-origin"] == "*"
    assert answer["access-control-allow-headers"] == ASKED
    assert method in answer["access-control-allow-methods"].split(", ")


async def test_a_page_may_read_what_xapi_says_in_headers() -> None:
    """Version, Consistent-Through, ETag and Last-Modified are no headers that every page may read."""
    _, headers = await _answer("GET", origin=PAGE)
    shown = headers["access-control-expose-headers"].split(", ")
    assert {"X-Experience-API-Version", "X-Experience-API-Consistent-Through", "ETag", "Last-Modified"} <= set(shown)
    assert headers["access-control-allow-origin"] == "*"


async def test_nothing_is_granted_for_a_cookie() -> None:
    """Neither before the request nor with its answer, so no page can use who a reader is."""
    _, headers = await _answer("GET", origin=PAGE, cookie="session=1")
    assert "access-control-allow-credentials" not in {*headers, *await _preflight()}


async def test_only_the_origins_of_the_setting_are_let_in() -> None:
    """And each is answered with its own name, which caches must tell apart."""
    origins = f"https://lms.example.org, {PAGE}"
    _, headers = await _answer("GET", origins=origins, origin=PAGE)
    assert (headers["access-control-allow-origin"], headers["vary"]) == (PAGE, "Origin")
    assert (await _preflight(origins=origins))["access-control-allow-origin"] == PAGE
    assert (await _preflight(origins="https://lms.example.org"))["status"] == "400"
    _, headers = await _answer("GET", origins=origins, origin="https://elsewhere.example.org")
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path,origins", [("/xAPI/statements", "none"), ("/v1/records", "*")])
async def test_all_else_is_as_if_no_page_had_asked(path: str, origins: str) -> None:
    """With the setting `none`, and outside the record store."""
    _, headers = await _answer("GET", path, origins, origin=PAGE)
    assert not [name for name in headers if name.startswith("access-control")]
