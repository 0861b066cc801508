"""Errors as RFC 9457 problem details: one JSON object that says what is wrong, where, and what to do.

`errors` lists each fault with the index of its item (where items were sent), a JSON pointer into that item, a code to
branch on, and a sentence to read. Source: RFC 9457; RFC 6901.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from services.runtime.errors import Conflict, Fault, Rejected, Unavailable

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 100
"""Most faults that one answer lists."""
_encode = msgspec.json.Encoder().encode
_STATUS_OF_CODE = {
    "scope": HTTPStatus.FORBIDDEN,
    "reserved": HTTPStatus.FORBIDDEN,
    "unsupported_version": HTTPStatus.UNPROCESSABLE_ENTITY,
}


class Refused(Exception):
    """A request that is answered before its payload is looked at: no credential, too large, too often."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem(
    status: HTTPStatus, detail: str, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The response that says what is wrong."""
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    listed = list(faults)
    if listed:
        body["errors"] = [_entry(fault) for fault in listed[:MAX_ERRORS]]
        body["error_count"] = len(listed)
    return Response(_encode(body), status.value, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def _entry(fault: Fault) -> dict[str, Any]:
    entry = {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail}
    return entry if fault.index is None else {"index": fault.index, **entry}


def add_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def answer_to(request: Request, error: Exception) -> Response:
    """The response that an error of a handler makes."""
    kind = next(each for each in _HANDLERS if isinstance(error, each))
    return await _HANDLERS[kind](request, error)


async def _rejected(_: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, Rejected) else ()
    status = _STATUS_OF_CODE.get(faults[0].code, HTTPStatus.BAD_REQUEST)
    number = len(faults)
    detail = (
        faults[0].detail if number == 1 else f"{number} faults, and nothing was taken; the first: {faults[0].detail}"
    )
    return problem(status, detail, faults)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, error.detail, headers=error.headers)


async def _unavailable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    log.warning("unavailable", what=error.what, detail=error.detail)
    headers = {"Retry-After": str(ceil(error.retry_after_seconds))}
    detail = f"{error.what} does not answer; nothing of this request was acknowledged, send it again"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)


async def _conflict(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.CONFLICT, str(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    operations = request.app.openapi()["paths"].get(request.url.path)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and operations:
        headers["allow"] = ", ".join(sorted(operations)).upper()  # Starlette names the first fitting route's only
    return problem(HTTPStatus(error.status_code), str(error.detail), headers=headers)


async def _bug(request: Request, error: Exception) -> Response:
    log.error("bug", path=request.url.path, error=type(error).__name__, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "this is our fault and has been logged; send it again later")


_HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Rejected: _rejected,
    Refused: _refused,
    Unavailable: _unavailable,
    Conflict: _conflict,
    HTTPException: _http,
    Exception: _bug,
}
